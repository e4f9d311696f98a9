"""The recipes: a line each."""

from __future__ import annotations

from typing import Final

from tokenry.errors import SignalError
from tokenry.registry import Entry, Registry
from tokenry.signals.recipe import SignalRecipe

_ROOM = "tokenry.signals.recipes"


def _recipe(name: str, target: str, source: str, *systems: str) -> Entry[SignalRecipe]:
    return Entry(name, f"{_ROOM}.{target}", source, systems, extra="neural")


RECIPES: Final[Registry[SignalRecipe]] = Registry(
    "recipe",
    (
        _recipe("titok", "titok:ONE_STAGE", "Yu et al. 2024, arXiv:2406.07550", "S022"),
    ),
    error=SignalError,
)  # fmt: skip
