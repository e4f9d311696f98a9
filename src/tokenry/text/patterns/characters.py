"""Sets of code points, as what the ``regex`` module takes for a class: its tables, its rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tokenry.text.unicode.character_sets import CODE_POINTS, code_points, ranges

Points = NDArray[np.uint32]
Operation = Callable[[NDArray[np.bool_], NDArray[np.bool_]], Any]


@dataclass(frozen=True, slots=True)
class CharacterSet:
    """Code points, by the places where a walk over all of them enters and leaves the set.

    Attributes:
        edges: ascending code points as little-endian 32-bit numbers, so that equal sets are equal:
            members are those from each one at an even place up to the one behind it.
    """

    edges: bytes

    @classmethod
    def of(cls, edges: NDArray[np.integer[Any]]) -> CharacterSet:
        """The set with these edges."""
        return cls(np.asarray(edges, dtype="<u4").tobytes())

    def array(self) -> Points:
        """The edges, shape (n,)."""
        return np.frombuffer(self.edges, dtype="<u4")

    def contains(self, points: NDArray[Any]) -> NDArray[np.bool_]:
        """Whether each code point is in it."""
        return (np.searchsorted(self.array(), points, side="right") & 1).astype(np.bool_)

    def _with(self, other: CharacterSet, operation: Operation) -> CharacterSet:
        edges = np.unique(np.concatenate((self.array(), other.array())))
        inside = operation(self.contains(edges), other.contains(edges))
        before = np.concatenate((np.zeros(1, np.bool_), inside[:-1])) if len(edges) else inside
        return CharacterSet.of(edges[inside != before])

    def __or__(self, other: CharacterSet) -> CharacterSet:
        return self._with(other, np.logical_or)

    def __sub__(self, other: CharacterSet) -> CharacterSet:
        return self._with(other, lambda one, two: one & ~two)


NOTHING: Final = CharacterSet(b"")
EVERYTHING: Final = CharacterSet.of(np.array([0, CODE_POINTS]))


def named(name: str) -> CharacterSet:
    """A class of `tokenry.text.unicode.classes`."""
    found = np.array(ranges(name), dtype=np.int64)
    found[:, 1] += 1
    return CharacterSet.of(found.reshape(-1))


@lru_cache(maxsize=1024)
def members(text: str, ignoring_case: bool = False, fully: bool = False) -> CharacterSet:
    """What a class, an escape or a set matches.

    Args:
        text: as a pattern of the ``regex`` module spells it.
        ignoring_case: as under its flag ``i``; ``fully``: with full folding.
    """
    return _search(_everything(), text, ignoring_case, fully)


@lru_cache(maxsize=1024)
def literal(character: str, ignoring_case: bool = False, fully: bool = False) -> CharacterSet:
    """What a character matches that stands for itself."""
    itself = CharacterSet.of(np.array([ord(character), ord(character) + 1]))
    return itself | other_cases(re.escape(character), fully) if ignoring_case else itself


def other_cases(text: str, fully: bool) -> CharacterSet:
    """What a character, or a set of nothing but characters, matches that may have a case."""
    places = _search(cased(), text, True, fully).array()
    points = code_points(cased())
    found = [points[begin:end] for begin, end in places.reshape(-1, 2).tolist()]
    folded = np.concatenate([np.zeros(0, np.uint32), *found])
    return CharacterSet.of(np.stack((folded, folded + 1), axis=1).reshape(-1))


def _search(within: str, text: str, ignoring_case: bool, fully: bool) -> CharacterSet:
    """Places in a text, as if they were code points."""
    import regex  # takes longer to import than a tokenizer to load

    flags = "i" * ignoring_case + "f" * fully
    found = regex.compile(f"(?V1{flags}){text}+" if fully else f"(?V1)(?{flags}-f:{text})+")
    spans = [match.span() for match in found.finditer(within)]  # of runs: fewer than of characters
    return CharacterSet.of(np.array(spans, dtype=np.int64).reshape(-1))


@cache
def _everything() -> str:
    points = np.arange(CODE_POINTS, dtype="<u4").tobytes()
    return points.decode("utf-32-le", "surrogatepass")


@cache
def cased() -> str:
    """Characters that may have another case, and some that have none."""
    points = members(r"[\p{Lu}\p{Lt}\p{Ll}\p{Nl}\p{So}\p{Mn}]").array().reshape(-1, 2)
    return "".join(_everything()[begin:end] for begin, end in points.tolist())
