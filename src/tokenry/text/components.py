"""Parts as components of a tokenizer.json, the form in which most other programs read them.

Each part says itself, by a method ``to_tokenizer_json`` beside all else that it does; what defines
none cannot be said there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from tokenry.errors import UnsupportedError

Spec = dict[str, Any]
# How pieces stand in the file: as they are, with U+2581 for a space, or in the byte-level alphabet.
Spelling = Literal["plain", "marks", "bytes"]


@dataclass(frozen=True, eq=False, slots=True)
class Components:
    """What a file says of a part.

    Attributes:
        specs: components, as plain data, in order; none where nothing need be said.
        reasons: why tokenizers may do otherwise with them.
        numbers: those of them that decide ids, so that not a bit may be lost.
    """

    specs: tuple[Spec, ...] = ()
    reasons: tuple[str, ...] = ()
    numbers: Sequence[float] = ()

    def __add__(self, other: Components) -> Components:
        numbers = (*self.numbers, *other.numbers)
        return Components(self.specs + other.specs, self.reasons + other.reasons, numbers)


@dataclass(frozen=True, eq=False, slots=True)
class IdNames:
    """What a file calls the ids of a model.

    Attributes:
        names: of each id that has one.
        listed: the ids below are the model's; the others are added tokens, which it does not list.
    """

    names: Mapping[int, str]
    listed: int

    def vocab(self) -> dict[str, int]:
        """The ids of the model, by name."""
        return {name: id_ for id_, name in self.names.items() if id_ < self.listed}


def component(type_: str, **settings: object) -> Components:
    """One component, of a type that tokenizers knows."""
    return Components(({"type": type_, **settings},))


def joined(parts: Iterable[Components]) -> Components:
    """The components of several parts, one after another."""
    return sum(parts, Components())


def byte_level(*, use_regex: bool = False, add_prefix_space: bool = False) -> Components:
    """The component ByteLevel; its offsets are those of the text."""
    return component(
        "ByteLevel", add_prefix_space=add_prefix_space, trim_offsets=True, use_regex=use_regex
    )


def metaspace(replacement: str, prepend_scheme: str, *, split: bool) -> Components:
    """The component Metaspace."""
    return component(
        "Metaspace", replacement=replacement, prepend_scheme=prepend_scheme, split=split
    )


def replacing(pattern: Spec, content: str) -> Components:
    """The component Replace."""
    return component("Replace", pattern=pattern, content=content)


def split(pattern: Spec, behavior: str = "Isolated", *, invert: bool = False) -> Components:
    """The component Split."""
    return component("Split", pattern=pattern, behavior=behavior, invert=invert)


def cannot_say(part: object, why: str = "") -> NoReturn:
    """Refuse to say a part.

    Raises:
        UnsupportedError: always; it names the part.
    """
    raise UnsupportedError(
        f"a tokenizer.json cannot say {type(part).__name__}{why}; save tokenry's own file"
    )
