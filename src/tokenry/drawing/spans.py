"""Cuts of a text as pieces that can be drawn: never through a grapheme, nothing invisible.

A token may end inside a character, or between a letter and its accent. Such a place cannot be
coloured, so the whole grapheme is drawn once and says how many tokens it took.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import regex

from tokenry.measuring.words import character_ends

# joiners and variation selectors act on their neighbours within a grapheme and stay there
_SHOWN = str.maketrans({" ": "·", "\t": "→", "\n": "↵\n", "\r": "␍", "\u00a0": "⍽", "\u3000": "□"})
_UNSEEN = regex.compile(
    r"[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Zs}\p{Co}\p{Cn}]--[\n\u200c\u200d]]", regex.V1
)


class DrawnSpan(NamedTuple):
    """A stretch of text that one or more tokens cover exactly, in whole graphemes."""

    text: str
    ids: tuple[int, ...]
    bytes: int


def drawn_spans(text: str, ids: Sequence[int], ends: Sequence[int]) -> list[DrawnSpan]:
    """Merge tokens until every span begins and ends at a grapheme boundary of ``text``.

    ``ends[i]`` is the byte offset in the UTF-8 of ``text`` at which token i ends.
    """
    boundaries = _grapheme_ends(text)
    data = text.encode()
    spans: list[DrawnSpan] = []
    start, pending = 0, []
    for id_, end in zip(ids[:-1], ends[:-1], strict=True):
        pending.append(id_)
        if end in boundaries and end > start:
            spans.append(DrawnSpan(data[start:end].decode(), tuple(pending), end - start))
            start, pending = end, []
    if ids:
        last = (*pending, ids[-1])
        spans.append(DrawnSpan(data[start:].decode(), last, len(data) - start))
    return spans


def visible(text: str) -> str:
    """The text with a sign for each character that would not be seen; line breaks stay too.

    >>> visible("a b\u200b")
    'a·b⟨200B⟩'
    """
    signs = _UNSEEN.sub(lambda found: f"⟨{ord(found[0]):04X}⟩", text.translate(_SHOWN))
    return str(signs)


@lru_cache(maxsize=4)
def _grapheme_ends(text: str) -> frozenset[int]:
    if text.isascii() and "\r" not in text:
        return frozenset(range(1, len(text) + 1))
    sizes = np.fromiter(map(len, regex.findall(r"\X", text)), dtype=np.int64)
    return frozenset(character_ends(text)[np.cumsum(sizes)].tolist())


def count_graphemes(text: str) -> int:
    """What a reader takes for one character, counted.

    >>> count_graphemes("e\u0301a\r\n")
    3
    """
    if text.isascii():
        return len(text) - text.count("\r\n")
    return len(regex.findall(r"\X", text))
