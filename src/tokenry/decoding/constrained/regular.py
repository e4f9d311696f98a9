r"""Regular expressions as constraints: a text is wanted that an expression matches as a whole.

Python's own parser reads the expression; characters become bytes of UTF-8, and the automaton of
Thompson (1968) runs on sets of states. What is not regular (backreferences, looking around, bounds
of words) is refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from re import _constants as tokens  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

from tokenry.decoding.constrained.automaton import Automaton, States
from tokenry.decoding.constrained.constraint import State
from tokenry.decoding.constrained.utf8_ranges import LAST, Range, byte_ranges, complement
from tokenry.errors import ConstraintError

MOST_STATES: Final = 200_000
"""Of an automaton; ``(a{1000}){1000}`` would need more memory than there is."""
BEGINNING: Final = 256
ENDING: Final = 257
"""Signs of the ends of a text, where an expression may ask for them."""
_CATEGORIES: Final = {
    tokens.CATEGORY_DIGIT: r"\d", tokens.CATEGORY_NOT_DIGIT: r"\D", tokens.CATEGORY_SPACE: r"\s",
    tokens.CATEGORY_NOT_SPACE: r"\S", tokens.CATEGORY_WORD: r"\w", tokens.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip
_BEGINNINGS: Final = ((tokens.AT, tokens.AT_BEGINNING), (tokens.AT, tokens.AT_BEGINNING_STRING))
_ENDS: Final = ((tokens.AT, tokens.AT_END), (tokens.AT, tokens.AT_END_STRING))


class Regex:
    """A `tokenry.decoding.constrained.constraint.Constraint`.

    Args:
        pattern: of Python's `re`; it has to match the whole text. ``^`` and ``$`` at its ends say
            the same again.
        flags: of `re`: ASCII, DOTALL, IGNORECASE, VERBOSE.

    Attributes:
        language: the automaton of its texts.

    Raises:
        ConstraintError: it is malformed, or not regular; the message has what is meant.
    """

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern, self._flags = pattern, flags
        try:
            parsed = parser.parse(pattern, flags)
        except re.error as error:
            raise ConstraintError(f"{pattern!r} is no regular expression: {error}") from None
        self._flags = parsed.state.flags
        automaton = Automaton()
        building = _Builder(automaton, pattern, self._flags)
        building.sequence(_without_anchors([*parsed]), automaton.first, automaton.last)
        self.language = automaton.trimmed()

    def __repr__(self) -> str:
        return f"Regex({self.pattern!r})"

    def start(self) -> States | None:
        """See `Constraint`."""
        return self.language.start()

    def advance(self, state: State, byte: int) -> States | None:
        """See `Constraint`."""
        assert isinstance(state, frozenset)
        return self.language.step(state, byte)

    def is_complete(self, state: State) -> bool:
        """See `Constraint`."""
        assert isinstance(state, frozenset)
        return self.language.last in state


def _without_anchors(items: list[Any]) -> list[Any]:
    """Without the beginning and the end of the text, which are meant anyway."""
    if len(items) == 1 and items[0][0] is tokens.BRANCH:
        branches = [_without_anchors([*branch]) for branch in items[0][1][1]]
        return [(tokens.BRANCH, (None, branches))]
    if items and items[0] in _BEGINNINGS:
        items = items[1:]
    return items[:-1] if items and items[-1] in _ENDS else items


Categories = Callable[[Any, int], list[Range]]
"""The characters of a category of Python's parser, by flags."""


def language_between_anchors(
    pattern: str, categories: Callable[[Any, Categories], list[Range]]
) -> Automaton:
    """Texts in which an expression is found; ``^`` and ``$`` are the ends of the text, anywhere.

    Args:
        pattern: of Python's `re`.
        categories: the characters of a category, which may ask what Python means.

    Raises:
        ConstraintError: it is malformed, or not regular.
    """
    try:
        parsed = parser.parse(pattern)
    except re.error as error:
        raise ConstraintError(f"{pattern!r} is no regular expression: {error}") from None
    found = Automaton()
    building = _Builder(found, pattern, parsed.state.flags, categories)
    before, behind = found.new(), found.new()
    for start, end, sign in ((found.first, before, BEGINNING), (behind, found.last, ENDING)):
        found.link(start, end)
        inside = found.new()
        inner = (inside, end) if sign == BEGINNING else (start, inside)
        found.link(*((start, inside) if sign == BEGINNING else (inside, end)), sign, sign)
        building.anything(*inner)
    building.sequence([*parsed], before, behind)
    return _between_ends(found)


def _between_ends(automaton: Automaton) -> Automaton:
    """What stands between the beginning and the ending, which are no bytes."""
    found, count = Automaton(), automaton.states
    place = [[found.new() for _ in range(count)] for _ in range(3)]
    found.link(found.first, place[0][automaton.first])
    found.link(place[2][automaton.last], found.last)
    for state in range(count):
        for phase in place:
            for other in automaton.empty_from(state):
                found.link(phase[state], phase[other])
        for low, high, other in automaton.bytes_from(state):
            if low == BEGINNING:
                found.link(place[0][state], place[1][other])
            elif low == ENDING:
                found.link(place[1][state], place[2][other])
            else:
                found.link(place[1][state], place[1][other], low, high)
    return found.trimmed()


class _Builder:
    """Adds what the parser read to an automaton, between two states."""

    def __init__(
        self,
        automaton: Automaton,
        pattern: str,
        flags: int,
        categories: Callable[[Any, Categories], list[Range]] | None = None,
    ) -> None:
        self._automaton, self._pattern, self._flags = automaton, pattern, flags
        self._anchors = categories is not None
        self._categories: Categories = (
            _category if categories is None else lambda one, _: categories(one, _category)
        )

    def anything(self, start: int, end: int) -> None:
        """Any characters, any number of them."""
        loop = self._new()
        self._automaton.link(start, loop)
        self._characters([(0, LAST)], loop, loop)
        self._automaton.link(loop, end)

    def sequence(self, items: Iterable[Any], start: int, end: int) -> None:
        """One after the other."""
        at = start
        for item in items:
            following = self._new()
            self._item(item, at, following)
            at = following
        self._automaton.link(at, end)

    def _new(self) -> int:
        state = self._automaton.new()
        if state > MOST_STATES:
            raise ConstraintError(
                f"{self._pattern!r} needs more than {MOST_STATES:,} states; give smaller counts"
            )
        return state

    def _item(self, item: Any, start: int, end: int) -> None:
        kind, value = item
        if kind in (tokens.LITERAL, tokens.NOT_LITERAL, tokens.IN, tokens.ANY):
            ranges = _ranges(kind, value, self._flags, self._categories)
            self._characters(ranges, start, end)
        elif self._anchors and (kind, value) in (*_BEGINNINGS, *_ENDS):
            sign = BEGINNING if (kind, value) in _BEGINNINGS else ENDING
            self._automaton.link(start, end, sign, sign)
        elif kind is tokens.BRANCH:
            for branch in value[1]:
                self.sequence(branch, start, end)
        elif kind is tokens.SUBPATTERN:
            _, added, removed, body = value
            outside, self._flags = self._flags, (self._flags | added) & ~removed
            self.sequence(body, start, end)
            self._flags = outside
        elif kind in (tokens.MAX_REPEAT, tokens.MIN_REPEAT):
            self._repeat(value, start, end)
        else:
            raise ConstraintError(
                f"{self._pattern!r} has {str(kind).lower()}, which is not regular; write it with "
                "characters, sets, |, groups and counts"
            )

    def _repeat(self, value: tuple[int, Any, Any], start: int, end: int) -> None:
        low, high, body = value
        at = start
        for _ in range(low):
            following = self._new()
            self.sequence(body, at, following)
            at = following
        if high is tokens.MAXREPEAT:
            loop = self._new()
            self._automaton.link(at, loop)
            self.sequence(body, loop, loop)
            self._automaton.link(loop, end)
            return
        self._automaton.link(at, end)
        for _ in range(high - low):
            following = self._new()
            self.sequence(body, at, following)
            self._automaton.link(following, end)
            at = following

    def _characters(self, ranges: Iterable[Range], start: int, end: int) -> None:
        for first, last in ranges:
            for sequence in byte_ranges(first, last):
                at = start
                for place, (low, high) in enumerate(sequence):
                    following = end if place == len(sequence) - 1 else self._new()
                    self._automaton.link(at, following, low, high)
                    at = following


def _ranges(kind: Any, value: Any, flags: int, categories: Categories) -> list[Range]:
    """The characters that an item stands for."""
    if kind is tokens.ANY:
        return [(0, LAST)] if flags & re.DOTALL else complement([(10, 10)])
    items = value if kind is tokens.IN else [(tokens.LITERAL, value)]
    negated = kind is tokens.NOT_LITERAL
    found: list[Range] = []
    for each, inner in items:
        if each is tokens.NEGATE:
            negated = True
        elif each is tokens.LITERAL:
            found.append((inner, inner))
        elif each is tokens.RANGE:
            found.append(inner)
        else:
            found += categories(inner, flags & re.ASCII)
    if flags & re.IGNORECASE:
        found = [*found, *_other_case(tuple(found))]
    return complement(found) if negated else complement(complement(found))


@lru_cache(maxsize=32)
def _category(category: Any, flags: int) -> list[Range]:
    """Characters of a category, such as that of ``\\d``."""
    matches = re.compile(_CATEGORIES[category], flags).match
    return _joined([code for code in range(LAST + 1) if matches(chr(code))])


def _other_case(ranges: tuple[Range, ...]) -> list[Range]:
    """The same characters in their other cases."""
    short = ((low, high) for low, high in ranges if high - low < 0x10000)
    every = {code for low, high in short for code in range(low, high + 1)}
    cases = {f for code in every for f in (chr(code).lower(), chr(code).upper()) if len(f) == 1}
    return _joined(sorted({ord(each) for each in cases} | every))


def _joined(codes: list[int]) -> list[Range]:
    found: list[Range] = []
    for code in codes:
        if found and found[-1][1] == code - 1:
            found[-1] = (found[-1][0], code)
        else:
            found.append((code, code))
    return found
