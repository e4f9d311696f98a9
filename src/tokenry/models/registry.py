"""What can be read as a causal model: a line each."""

from __future__ import annotations

from typing import Any, Final

from tokenry.errors import ModelError
from tokenry.registry import Entry, Registry

ADAPTERS: Final[Registry[Any]] = Registry(
    "kind of causal model",
    (
        Entry(
            "transformers",
            "tokenry.models.transformers_model:TransformersNetwork",
            "Wolf et al. 2020, EMNLP demonstrations",
            extra="neural",
        ),
        Entry("small", "tokenry.models.small:SmallNetwork", extra="neural"),
        Entry("enumerable", "tokenry.models.enumerable:TableNetwork"),
    ),
    error=ModelError,
)

MODULES: Final = {
    "tokenry.neural.model": "small",
    "tokenry.models.enumerable": "enumerable",
    "transformers": "transformers",
}
"""The adapter of an object, by the module that defines its class or one that it inherits from."""
