"""Sets of characters: as a table over all code points, and as a regular expression."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tokenry.text.unicode import classes as unicode_classes

CODE_POINTS = 0x110000


@cache
def ranges(name: str) -> tuple[tuple[int, int], ...]:
    """The inclusive ranges of a class of `tokenry.text.unicode.classes`."""
    return inclusive_ranges(getattr(unicode_classes, name))


def inclusive_ranges(text: str) -> tuple[tuple[int, int], ...]:
    """Ranges that are written in hexadecimal, as ``9-d 20``."""
    found = []
    for part in text.split():
        first, _, last = part.partition("-")
        found.append((int(first, 16), int(last or first, 16)))
    return tuple(found)


@cache
def table(name: str) -> NDArray[np.bool_]:
    """Whether each code point is in the class, shape (0x110000,)."""
    member = np.zeros(CODE_POINTS, dtype=np.bool_)
    for first, last in ranges(name):
        member[first : last + 1] = True
    member.flags.writeable = False
    return member


@cache
def char_class(name: str) -> str:
    """The class as the inside of a bracket of a regular expression."""
    return "".join(
        re.escape(chr(first)) + (f"-{re.escape(chr(last))}" if last > first else "")
        for first, last in ranges(name)
    )


@cache
def pattern(name: str, template: str = "[{}]") -> re.Pattern[str]:
    """A regular expression of the class, which stands for ``{}`` in ``template``."""
    return re.compile(template.format(char_class(name)))


def code_points(text: str) -> NDArray[np.uint32]:
    """The code points of ``text``, shape (n,)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def byte_offsets(text: str) -> NDArray[np.int64]:
    """Where each character begins in UTF-8, and the size: shape (n + 1,).

    A lone surrogate from ``surrogateescape`` counts as the one byte that it stands for.
    """
    offsets = np.zeros(len(text) + 1, dtype=np.int64)
    if text.isascii():
        offsets[:] = np.arange(len(text) + 1)
        return offsets
    points = code_points(text)
    widths = 1 + (points >= 0x80).astype(np.int64) + (points >= 0x800) + (points >= 0x10000)
    widths[(points >= 0xDC80) & (points <= 0xDCFF)] = 1
    np.cumsum(widths, out=offsets[1:])
    return offsets


def spelled_with(known: Collection[int]) -> NDArray[np.bool_]:
    """Of which code points the UTF-8 has these bytes only; True for surrogates, which have none."""
    has = np.zeros(256, np.bool_)
    has[list(known)] = True
    points = np.arange(CODE_POINTS)
    last, middle, second = (has[0x80 | points >> shift & 0x3F] for shift in (0, 6, 12))
    found: NDArray[np.bool_] = np.select(
        [points < 0x80, points < 0x800, points < 0x10000],
        [
            has[points & 0x7F],
            has[0xC0 | points >> 6 & 0x1F] & last,
            has[0xE0 | points >> 12 & 0x0F] & middle & last,
        ],
        has[0xF0 | points >> 18] & second & middle & last,
    )
    found[0xD800:0xE000] = True
    return found
