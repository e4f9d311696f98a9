"""Sets of a pattern: ``[...]`` as sets of code points.

Plain ones, of characters, ranges and classes, are put together here; the ``regex`` module is asked
about the others, which costs it a step for each code point and each member.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np

from tokenry.text.patterns.characters import EVERYTHING, CharacterSet, members, other_cases

# A member: a class, or a character by itself or by its number.
_MEMBER: Final = re.compile(
    r"(?P<class>\\(?:[dDsSwW]|[pP](?:\{[^{}]*\}|[A-Za-z])))"
    r"|\\x(?P<two>[0-9A-Fa-f]{2})|\\u(?P<four>[0-9A-Fa-f]{4})|\\U(?P<eight>[0-9A-Fa-f]{8})"
    r"|\\(?P<control>[abfnrtv])|\\(?P<escaped>[^A-Za-z0-9])|(?P<plain>[^\\\[\]])",
    re.DOTALL,
)
_CONTROLS: Final = {
    letter: ord(character) for letter, character in zip("abfnrtv", "\a\b\f\n\r\t\v", strict=True)
}
_OPERATION: Final = re.compile(r"&&|--|\|\||~~")


@dataclass(frozen=True, slots=True)
class _Members:
    """What stands in a set: ranges, each up to before its second number, and classes."""

    ranges: list[tuple[int, int]]
    classes: list[str]


def set_members(text: str, ignoring_case: bool = False, fully: bool = False) -> CharacterSet:
    """What a set matches; ``text`` is all of it, with its brackets."""
    negated = text.startswith("[^")
    inside = text[1 + negated : -1]
    found = _read(inside)
    # What a class is depends on case in its own way.
    if found is None or (ignoring_case and found.classes):
        return members(text, ignoring_case, fully)
    characters = _of_ranges(found.ranges)
    for each in found.classes:
        characters = characters | members(each)
    if ignoring_case:
        characters = characters | other_cases(f"[{inside}]", fully)
    return EVERYTHING - characters if negated else characters


def _read(inside: str) -> _Members | None:
    """The members, or None where more than they decide what the set is."""
    if _OPERATION.search(inside):
        return None
    found = _Members([], [])
    place = 0
    while place < len(inside):
        member = _MEMBER.match(inside, place)
        if member is None:
            return None
        place = member.end()
        if member["class"]:
            found.classes.append(member["class"])
            continue
        first = last = _point(member)
        end = _MEMBER.match(inside, place + 1) if inside.startswith("-", place) else None
        if end is not None:
            if end["class"] or (last := _point(end)) < first:
                return None
            place = end.end()
        found.ranges.append((first, last + 1))
    return found


def _point(found: re.Match[str]) -> int:
    """The code point of a character."""
    if found["control"]:
        return _CONTROLS[found["control"]]
    digits = found["two"] or found["four"] or found["eight"]
    return int(digits, 16) if digits else ord(found["escaped"] or found["plain"])


def _of_ranges(ranges: list[tuple[int, int]]) -> CharacterSet:
    """The union of ranges, each up to before its second number."""
    if not ranges:
        return CharacterSet(b"")
    steps: dict[int, int] = {}
    for first, stop in ranges:
        steps[first] = steps.get(first, 0) + 1
        steps[stop] = steps.get(stop, 0) - 1
    places = np.array(sorted(steps))
    inside = np.cumsum([steps[place] for place in places.tolist()]) > 0
    return CharacterSet.of(places[inside != np.append(False, inside[:-1])])
