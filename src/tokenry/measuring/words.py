"""What a word is, for text in any script: Unicode's default word boundaries.

Source: Unicode Standard Annex 29, "Unicode Text Segmentation". Default rules know no dictionary, so
in scripts written without spaces (Han, Thai, Lao, Khmer, Myanmar, hiragana) each letter with its
marks is a word of its own; fertility there is tokens for a letter.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import regex
from numpy.typing import NDArray

WORD_RULE = (
    "a word is a segment between default word boundaries of Unicode (UAX 29) that holds a letter "
    "or a number; scripts written without spaces count letter by letter"
)


@cache
def _boundary() -> regex.Pattern[str]:
    return regex.compile(r"(?w)\b", regex.V1)


def count_words(data: bytes) -> int:
    """Words of UTF-8 text by `WORD_RULE`; bytes that are not UTF-8 belong to no word.

    >>> count_words("It's 3 o'clock: 東京 です".encode())
    7
    """
    return len(_word_bounds(data.decode("utf-8", "surrogateescape")))


def word_spans(data: bytes) -> NDArray[np.int64]:
    """Begin and end of each word in bytes, shape (n, 2).

    >>> word_spans("naïve way".encode()).tolist()
    [[0, 6], [7, 10]]
    """
    text = data.decode("utf-8", "surrogateescape")
    return character_ends(text)[_word_bounds(text)]


def character_ends(text: str) -> NDArray[np.int64]:
    """Bytes before each character and at the end, shape (len(text) + 1,).

    An escaped byte (``surrogateescape``) is one byte.
    """
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    widths = 1 + (points >= 0x80).astype(np.int64) + (points >= 0x800) + (points >= 0x10000)
    widths[(points >= 0xDC80) & (points <= 0xDCFF)] = 1
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(widths)])


def _word_bounds(text: str) -> NDArray[np.int64]:
    """Begin and end of each word in characters, shape (n, 2)."""
    # lengths of what lies between boundaries: a match object for each would take 5 times as long
    sizes = np.fromiter(map(len, _boundary().split(text)), dtype=np.int64)
    bounds = np.cumsum(sizes)[:-1]
    if len(bounds) < 2:
        return np.zeros((0, 2), np.int64)
    letters = np.fromiter(map(str.isalnum, text), dtype=np.int64, count=len(text))
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(letters)])
    segments = np.stack([bounds[:-1], bounds[1:]], axis=1)
    return segments[before[segments[:, 1]] > before[segments[:, 0]]]
