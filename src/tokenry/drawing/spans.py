"""Cuts of a text as pieces that can be drawn: never through a grapheme, nothing invisible.

A token may end inside a character, or between a letter and its accent. Such a place cannot be
coloured, so the whole grapheme is drawn once and says how many tokens it took.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

# joiners and variation selectors act on their neighbours within a grapheme and stay there
_SHOWN = str.maketrans({" ": "·", "\t": "→", "\n": "↵\n", "\r": "␍", "\u00a0": "⍽", "\u3000": "□"})
_UNSEEN = regex.compile(
    r"[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Zs}\p{Co}\p{Cn}]--[\n\u200c\u200d]]", regex.V1
)


@dataclass(frozen=True, slots=True)
class DrawnSpan:
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
    for position, (id_, end) in enumerate(zip(ids, ends, strict=True)):
        pending.append(id_)
        last = position == len(ids) - 1
        stop = len(data) if last else end
        if last or (end in boundaries and end > start):
            spans.append(DrawnSpan(data[start:stop].decode(), tuple(pending), stop - start))
            start, pending = stop, []
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
    ends, at = set(), 0
    for grapheme in regex.findall(r"\X", text):
        at += len(grapheme.encode())
        ends.add(at)
    return frozenset(ends)
