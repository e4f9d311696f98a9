"""Which characters have an id of their own in `tokenry.learning.unicode`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from tokenry import _native

Cover = Literal["auto", "all", "bmp", "corpus"]
# General categories in the order of the core's table: unassigned, private use and surrogates.
_LEFT_OUT: Final = (0, 3, 4)
_CATEGORY: Final = 0x1F


def covered(cover: Cover) -> list[bytes]:
    """The characters of ``all`` or ``bmp`` beyond ASCII, in the order of code points."""
    limit = 0x10000 if cover == "bmp" else 0x110000
    return [chr(code).encode() for code in np.flatnonzero(_assigned()[:limit]) if code >= 0x80]


def _assigned() -> NDArray[np.bool_]:
    categories = _native.unicode_records() & _CATEGORY
    return ~np.isin(categories, _LEFT_OUT)


def frequent(documents: Iterable[bytes], most: int) -> list[bytes]:
    """Characters beyond ASCII, at most so many, the most frequent; in the order of code points."""
    counts: Counter[str] = Counter()
    for data in documents:
        counts.update(data.decode("utf-8", "ignore"))
    wide = ((-count, each) for each, count in counts.items() if ord(each) >= 0x80)
    chosen = [each for _, each in sorted(wide)[: max(0, most)]]
    return [each.encode() for each in sorted(chosen)]
