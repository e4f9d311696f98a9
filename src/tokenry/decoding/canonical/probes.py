"""What may follow a text, as far as splitters look ahead.

Splitters look at what follows white space (whether a word does), an apostrophe (whether it begins a
contraction), digits (how many there are) and punctuation (whether a line ends); and half a
character can become any that begins so.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

Probes = tuple[bytes, ...]
APOSTROPHES: Final = ("'", "\u2019")
AFTER_LETTERS: Final[Probes] = (b"", b"a", b" a")
AFTER_SPACES: Final[Probes] = (
    b"",
    b"a",
    b" ",
    b" a",
    b"\n",
    b"\na",
    b"0",
    b" 0",
    b"!",
    b" !",
    b"'s",
)
AFTER_DIGITS: Final[Probes] = (b"", b"a", b" a", b"0", b"00", b"000", b"!")
AFTER_SIGNS: Final[Probes] = (
    b"",
    b"a",
    b"A",
    b" ",
    b"\n",
    b"\n\n",
    b"0",
    b"!",
    b"/",
    b"'s",
    "\u0301".encode(),
)
CONTRACTIONS: Final[Probes] = tuple(
    each.encode()
    for end in ("s", "t", "m", "d", "e", "l", "re", "ve", "ll")
    for each in (end, end.upper())
)
AFTER_APOSTROPHES: Final[Probes] = (*AFTER_SIGNS, *CONTRACTIONS)
MANY: Final[Probes] = (
    *AFTER_APOSTROPHES, *AFTER_SPACES, *AFTER_DIGITS, b"\r", b"\t", "\u4e2d".encode(),
)  # fmt: skip


@lru_cache(maxsize=1 << 14)
def probes(end: bytes) -> Probes:
    """What to try behind a text that ends so.

    Args:
        end: the last bytes of it, twelve or more where there are so many.
    """
    half = half_character(end)
    if half:
        return (b"", *completions(half))
    last = end.decode("utf-8", "ignore")[-3:]
    if not last or last[-1] in APOSTROPHES or (last[-2:-1] in APOSTROPHES and last[-1].isalpha()):
        return AFTER_APOSTROPHES
    if last[-1].isspace():
        return AFTER_SPACES
    if last[-1].isnumeric():
        return AFTER_DIGITS
    return AFTER_LETTERS if last[-1].isalpha() else AFTER_SIGNS


def half_character(text: bytes) -> bytes:
    """The bytes at the end of a text that begin a character and do not end it."""
    for width in range(1, min(3, len(text)) + 1):
        lead = text[-width]
        if lead >= 0xC0:
            return text[-width:] if width < _width(lead) else b""
        if lead < 0x80:
            return b""
    return b""


@lru_cache(maxsize=1 << 12)
def completions(half: bytes) -> Probes:
    """Bytes that make one character of each category of half a character."""
    found: dict[str, bytes] = {}
    # Of the third of three missing bytes a few values are enough to meet the categories.
    every, some = range(0x80, 0xC0), range(0x80, 0xC0, 5)
    tails: list[list[int]] = [[]]
    for place in range(_width(half[0]) - len(half)):
        tails = [[*tail, byte] for tail in tails for byte in (every if place < 2 else some)]
    for tail in map(bytes, tails):
        try:
            found.setdefault(unicodedata.category((half + tail).decode()), tail)
        except UnicodeDecodeError:
            continue
    return tuple(found.values())


def _width(lead: int) -> int:
    """Bytes of a character that begins so."""
    return 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
