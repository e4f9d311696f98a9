"""Tokens of a text as HTML: neighbouring tokens in different colours, nothing invisible."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from html import escape

import regex

from tokenry.drawing.spans import DrawnSpan, drawn_spans, visible

_TONES = 6  # colours that neighbouring tokens take in turn


def draw_tokens(text: str, ids: Sequence[int], ends: Sequence[int]) -> str:
    """A block of coloured tokens, escaped; ``ends[i]`` is the byte at which token i ends."""
    spans = drawn_spans(text, ids, ends)
    drawn = "".join(_token(place % _TONES, span) for place, span in enumerate(spans))
    return f'<div class="tokens" dir="auto">{drawn}</div>'


def _token(tone: int, span: DrawnSpan) -> str:
    many = len(span.ids) > 1
    classes = f"t{tone} many" if many else f"t{tone}"
    count = f"<sup>{len(span.ids)}</sup>" if many else ""
    ids = " ".join(map(str, span.ids))
    return f'<span class="{classes}" title="{ids}">{marked(span.text)}{count}</span>'


@lru_cache(maxsize=16_384)
def marked(text: str) -> str:
    """Escaped text with signs for what is invisible; lines may break after a space."""
    shown = escape(visible(text))
    return str(regex.sub(r"[·→↵⍽□]|⟨[0-9A-F]+⟩", r"<i>\g<0></i><wbr>", shown))
