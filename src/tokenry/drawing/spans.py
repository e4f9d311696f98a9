"""Cuts of a text as pieces that can be drawn: never through a grapheme, nothing invisible.

A token may end inside a character, or between a letter and its accent. Such a place cannot be
coloured, so the whole grapheme is drawn once and says how many tokens it took.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import regex

_SHOWN = {" ": "·", "\t": "→", "\n": "↵", "\r": "␍", "\u00a0": "⍽", "\u3000": "□"}


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
    """The text with a sign for each character that would not be seen; line breaks stay too."""
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character == "\n":
        return "↵\n"
    if character in _SHOWN:
        return _SHOWN[character]
    # joiners and variation selectors act on their neighbours within a grapheme; leave them there
    if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp", "Zs", "Co", "Cn"):
        if character in "\u200d\u200c":
            return character
        return f"⟨{ord(character):04X}⟩"
    return character


def _grapheme_ends(text: str) -> set[int]:
    ends, at = set(), 0
    for grapheme in regex.findall(r"\X", text):
        at += len(grapheme.encode())
        ends.add(at)
    return ends
