"""Changes to the normalizer of a model that users may make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tokenry.errors import UnsupportedError
from tokenry.formats.sentencepiece_proto import NormalizerSpec

SWITCHES = ("add_dummy_prefix", "escape_whitespaces", "remove_extra_whitespaces")
YES, NO = ("true", "1", "t", "yes", "y"), ("false", "0", "f", "no", "n")


def overridden(spec: NormalizerSpec, fields: Mapping[str, Any]) -> NormalizerSpec:
    """The same with other values; ``"true"`` and ``"false"`` are values, too.

    Raises:
        UnsupportedError: a field that cannot be changed, or a value that is none.
    """
    changes: dict[str, Any] = {}
    for name, value in fields.items():
        if name not in SWITCHES:
            raise UnsupportedError(
                f"{name!r} of the normalizer cannot be overridden; {', '.join(SWITCHES)} can"
            )
        word = str(value).lower()
        if word not in YES + NO:
            raise UnsupportedError(f"{name} is {value!r}; it is True or False")
        changes[name] = word in YES
    return replace(spec, **changes)
