"""Each method under the two names that sentencepiece has for it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

C = TypeVar("C", bound=type)


def both_names(cls: C) -> C:
    """Give public methods of several words a name in capitals, too: EncodeAsIds."""
    for name, value in list(vars(cls).items()):
        if not name.startswith("_") and name not in LOWER_ONLY and not isinstance(value, property):
            setattr(cls, in_capitals(name), value)
    return cls


# These have one name in sentencepiece.
LOWER_ONLY = frozenset(
    (
        "from_file", "from_proto", "unk_id", "bos_id", "eos_id", "pad_id",
        "serialized_model_proto", "serialized_normalizer_spec", "piece_size", "vocab_size",
    )
)  # fmt: skip


def in_capitals(name: str) -> str:
    """``nbest_encode_as_ids`` as NBestEncodeAsIds."""
    return "".join(
        "NBest" if word == "nbest" else word.capitalize() for word in name.split("_")
    ).replace("Tsv", "TSV")


def over_lists(method: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Let a method of one argument take a list of them, too."""

    @functools.wraps(method)
    def run(self: Any, argument: Any) -> Any:
        if isinstance(argument, list):
            return [method(self, each) for each in argument]
        return method(self, argument)

    return run


def in_types(method: str, prefix: str, types: Mapping[str, Any]) -> Callable[[C], C]:
    """Give a class ``method`` with each out_type, as a method of its own: encode_as_ids.

    Args:
        method: takes ``out_type``.
        prefix: of the new names.
        types: the out_type by the end of the name.
    """

    def add(cls: C) -> C:
        for ending, out_type in types.items():
            variant = _with_type(getattr(cls, method), out_type)
            variant.__name__ = f"{prefix}_as_{ending}"
            variant.__doc__ = (
                f"`{prefix}` with ``out_type={getattr(out_type, '__name__', out_type)}``."
            )
            setattr(cls, variant.__name__, variant)
        return cls

    return add


def _with_type(method: Callable[..., Any], out_type: Any) -> Callable[..., Any]:
    def run(self: Any, input: Any, *arguments: Any, **options: Any) -> Any:
        return method(self, input, *arguments, **{**options, "out_type": out_type})

    return run
