"""Strings of JSON: what patterns and formats mean, and how characters are written.

A language of texts becomes one of strings between quotes. Characters stand for themselves; quotes,
backslashes and control characters are escaped, by letter or as ``\\u00XX``. Other characters are
never escaped, as llguidance has it.
"""

from __future__ import annotations

import re
import warnings
from functools import cache, reduce
from re import _constants as tokens  # type: ignore[attr-defined]
from typing import Any, Final

from tokenry.decoding.constrained import algebra
from tokenry.decoding.constrained.automaton import Automaton
from tokenry.decoding.constrained.regular import Categories, Regex, language_between_anchors
from tokenry.decoding.constrained.schemas.formats import FORMATS
from tokenry.decoding.constrained.schemas.kinds import Characters
from tokenry.decoding.constrained.utf8_ranges import Range
from tokenry.errors import ConstraintError

LETTERS: Final = {8: b"b", 9: b"t", 10: b"n", 12: b"f", 13: b"r", 34: b'"', 92: b"\\"}
"""Bytes that are escaped by a letter."""
CONTROLS: Final = (*range(0x20), 0x7F)
SIGNS: Final = (34, 92)
LONGEST: Final = 8_000
"""Characters of a string that are counted."""


def string_language(characters: Characters) -> Automaton:
    """Strings with their quotes.

    Raises:
        ConstraintError: more characters would have to be counted than can be.
    """
    return quoted(text_language(characters))


def text_language(characters: Characters) -> Automaton:
    """The texts that are meant."""
    if characters.only is not None:
        count, most = len(characters.only), characters.most
        fits = characters.least <= count and (most is None or count <= most)
        every = (algebra.literal(characters.only.encode()),) if fits else (algebra.nothing(),)
        return reduce(algebra.both, (*every, *characters.languages))
    lengths = _of_length(characters.least, characters.most)
    if not characters.languages:
        return lengths
    counted = characters.least or characters.most is not None
    return reduce(algebra.both, (*characters.languages, *([lengths] if counted else [])))


def _of_length(least: int, most: int | None) -> Automaton:
    if most is not None and least > most:
        return algebra.nothing()
    if max(least, most or 0) > LONGEST:
        raise ConstraintError(
            f"minLength or maxLength is above {LONGEST:,}, which is more than is counted here; "
            "give less, or install llguidance (pip install 'tokenry[constrained]')"
        )
    return Regex(f"(?s:.){{{least},{'' if most is None else most}}}").language


@cache
def format_language(name: str) -> Automaton:
    """The texts of a format.

    Raises:
        ConstraintError: the format is not known.
    """
    if name not in FORMATS:
        raise ConstraintError(
            f"the format {name!r} is not known; expected one of {', '.join(sorted(FORMATS))}"
        )
    return Regex(FORMATS[name]).language


@cache
def pattern_language(pattern: str) -> Automaton:
    """Texts in which a pattern of a schema (ECMA 262) is found, anywhere or where it says.

    Raises:
        ConstraintError: it is no expression, or has what is not regular.
    """
    named = re.sub(r"\(\?<(?=[A-Za-z_])", "(?P<", pattern)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Python about signs that it may give a meaning
        return language_between_anchors(named, _categories)


def _categories(category: Any, categories: Categories) -> list[Range]:
    """Digits and letters of ASCII, white space of Unicode."""
    if category in (tokens.CATEGORY_SPACE, tokens.CATEGORY_NOT_SPACE):
        return categories(category, 0)
    return categories(category, re.ASCII)


def quoted(texts: Automaton) -> Automaton:
    """Strings of JSON that write the texts of a language."""
    found = Automaton()
    moved = [found.new() for _ in range(texts.states)]
    if texts.first < 0:
        return algebra.nothing()
    found.link(found.first, moved[texts.first], 34, 34)
    found.link(moved[texts.last], found.last, 34, 34)
    for state, start in enumerate(moved):
        for other in texts.empty_from(state):
            found.link(start, moved[other])
        _escape(found, texts, state, moved)
    return found.trimmed()


def _escape(found: Automaton, texts: Automaton, state: int, moved: list[int]) -> None:
    """The links of a state, those of bytes that are escaped behind a backslash."""
    start, escapes = moved[state], dict[int, list[int]]()
    for low, high, to in texts.bytes_from(state):
        at = low
        for byte in (*CONTROLS, *SIGNS):
            if low <= byte <= high:
                escapes.setdefault(byte, []).append(moved[to])
        for byte in sorted((*CONTROLS, *SIGNS)):
            if at <= byte <= high:
                if byte > at:
                    found.link(start, moved[to], at, byte - 1)
                at = byte + 1
        if at <= high:
            found.link(start, moved[to], at, high)
    if not escapes:
        return
    behind, hexadecimal = found.new(), [found.new() for _ in range(6)]
    found.link(start, behind, 92, 92)
    u, zero, zeros, low_digit, high_digit, seven = hexadecimal
    found.link(behind, u, ord("u"), ord("u"))
    found.link(u, zero, ord("0"), ord("0"))
    found.link(zero, zeros, ord("0"), ord("0"))
    for first, digit in ((ord("0"), low_digit), (ord("1"), high_digit), (ord("7"), seven)):
        found.link(zeros, digit, first, first)
    for byte, targets in escapes.items():
        for to in targets:
            if byte in LETTERS:
                found.link(behind, to, *LETTERS[byte] * 2)
            if byte not in SIGNS:
                digit = {0: low_digit, 1: high_digit, 7: seven}[byte >> 4]
                for sign in {f"{byte & 15:x}", f"{byte & 15:X}"}:
                    found.link(digit, to, ord(sign), ord(sign))
