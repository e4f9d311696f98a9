"""Changes of single characters, or of runs of them, in the core."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from tokenry import _native
from tokenry.text.patterns.characters import CharacterSet


@lru_cache(maxsize=64)
def core_changes(*changes: tuple[CharacterSet, str], least: int = 0) -> _native.CharacterChanges:
    """What exchanges every character of a set for a text.

    Args:
        changes: sets that share nothing, and what becomes of their members.
        least: 0 where each character changes by itself; else runs of at least so many change.
    """
    rows = [
        (begin, end - 1, number)
        for number, (characters, _) in enumerate(changes)
        for begin, end in characters.array().reshape(-1, 2).tolist()
    ]
    firsts, lasts, which = np.array(rows, dtype=np.uint32).reshape(-1, 3).T.copy()
    texts = [text.encode() for _, text in changes]
    return _native.CharacterChanges(firsts, lasts, which, texts, least=least)
