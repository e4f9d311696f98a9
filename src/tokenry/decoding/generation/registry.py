"""The ways to generate: a line each."""

from __future__ import annotations

from typing import Any, Final

from tokenry.arguments import checked
from tokenry.decoding.generation.method import Method
from tokenry.decoding.generation.speculative import Speculative
from tokenry.errors import ModelError
from tokenry.registry import Entry, Registry

_ROOM = "tokenry.decoding.generation"


def _entry(name: str, target: str, source: str = "", *systems: str) -> Entry[Any]:
    return Entry(name, f"{_ROOM}.{target}", source, systems)


METHODS: Final[Registry[Any]] = Registry(
    "method",
    (
        _entry("plain", "drafters.nothing:Nothing"),
        _entry("lookup", "drafters.lookup:Lookup",
               "Saxena 2023; Yang et al. 2023, arXiv:2304.04487"),
        _entry("recycling", "drafters.recycling:Recycling",
               "Luo et al. 2024, arXiv:2408.08696", "S051"),
        _entry("fixed", "drafters.fixed:FixedTree",
               "Leviathan et al. 2023, arXiv:2211.17192; Miao et al. 2023, arXiv:2305.09781"),
        _entry("dyspec", "drafters.dynamic:DynamicTree",
               "Xiong et al. 2024, arXiv:2410.11744", "S158"),
        _entry("s2d", "drafters.nested:NestedDraft",
               "Kavehzadeh et al. 2024, arXiv:2407.01955", "S050"),
        _entry("r2r", "routing.routed:Routed", "Fu et al. 2025, arXiv:2505.21600", "S134"),
        _entry("swireasoning", "switching:SwiReasoning",
               "Shi et al. 2025, arXiv:2510.05069", "S099"),
        _entry("kvlink", "linked:Linked", "Yang et al. 2025, arXiv:2502.16002", "S060"),
        _entry("skip", "skipping:SkipDecode", "Del Corro et al. 2023, arXiv:2307.02628", "S056"),
    ),
    error=ModelError,
)  # fmt: skip
"""Drafters, which all run in `Speculative`, and methods with a loop of their own."""
DRAFTED: Final = ("fixed", "dyspec", "s2d", "r2r")
"""Those that need a draft model."""


@checked
def method(name: str, **options: Any) -> Method:
    """The method of that name.

    Args:
        name: one of `METHODS`.
        options: fields of its class.

    Raises:
        ModelError: there is no such method, or no such option of it.
    """
    made = METHODS.make(name, options)
    return made if hasattr(made, "generate") else Speculative(made)


def runnable(with_draft: bool) -> list[str]:
    """Names of the methods that need no more than a model, and perhaps a draft."""
    return [name for name in METHODS if with_draft or name not in DRAFTED]
