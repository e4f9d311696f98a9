"""One text under several tokenizers, side by side: counts, coloured tokens, ids.

The same HTML serves the playground, reports and notebooks; it holds no script. A token's colour
depends on its id alone, so it is the same in every text. A token whose span another column lacks is
marked: there the tokenizers disagree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Literal

import numpy as np
import regex
from numpy.typing import NDArray

from tokenry.drawing.spans import count_graphemes, drawn_spans
from tokenry.drawing.tokens import marked
from tokenry.tokenizer import Tokenizer

Policy = Literal["text", "recognised"]
Span = tuple[int, int]
COLORS = 24
DRAWN_BYTES = 20_000
"""Of a longer text the beginning is drawn, and all of it is counted."""


@dataclass(frozen=True, slots=True)
class TextCounts:
    """What a text measures before any tokenizer sees it."""

    bytes: int
    characters: int  # code points
    graphemes: int  # what a reader takes for one character

    @classmethod
    def of(cls, text: str) -> TextCounts:
        """Counts of ``text``."""
        return cls(len(text.encode()), len(text), count_graphemes(text))


@dataclass(frozen=True, slots=True)
class Column:
    """A text in the ids of one tokenizer.

    Attributes:
        name: of the tokenizer.
        ids: of the whole text, shape (k,).
        spans: begin and end of each id in bytes of the text, shape (k, 2).
        specials: ids that are specials.
        restores: whether decoding gives the text back.
    """

    name: str
    ids: NDArray[np.uint32]
    spans: NDArray[np.int64]
    specials: frozenset[int]
    restores: bool


def cut_text(name: str, tokenizer: Tokenizer, text: str, policy: Policy = "text") -> Column:
    """Encode ``text``; with the policy ``recognised``, specials written in it become their ids."""
    allowed: frozenset[str] = frozenset()
    if policy == "recognised":
        allowed = frozenset(tokenizer.special_tokens_set)
    ids, spans = tokenizer.encode_with_spans(text, allowed_special=allowed)
    specials = frozenset(tokenizer.encode_single_token(special) for special in allowed)
    return Column(name, ids, spans, specials, tokenizer.decode_bytes(ids) == text.encode())


def draw_columns(
    text: str, columns: Sequence[Column], *, price: float | None = None, currency: str = "$"
) -> str:
    """Columns as a block of HTML.

    Args:
        text: what was encoded.
        columns: one for each tokenizer.
        price: of a million tokens; None for no cost.
        currency: a sign before costs.
    """
    counts = TextCounts.of(text)
    part = beginning(text, DRAWN_BYTES)
    drawn = [_Drawn.of(column, part) for column in columns]
    shared = shared_spans([each.spans for each in drawn])
    fewest = min((len(column.ids) for column in columns if column.restores), default=0)
    blocks = "".join(
        f'<section class="column" data-column="{place}" aria-label="{escape(column.name)}">'
        f"<h3>{escape(column.name)}</h3>{_figures(column, counts, fewest, price, currency)}"
        f"{_tokens(column, part, each, shared)}</section>"
        for place, (column, each) in enumerate(zip(columns, drawn, strict=True))
    )
    cut = "" if part == text else _cut_note(len(part.encode()), counts.bytes)
    return (
        f'<p class="counts"><b>{counts.bytes:,}</b> bytes <b>{counts.characters:,}</b> characters '
        f"<b>{counts.graphemes:,}</b> graphemes{cut}</p>"
        f'<div class="columns n{len(columns)}">{blocks}</div>'
    )


def shared_spans(columns: Sequence[Sequence[Span]]) -> frozenset[Span]:
    """Spans that every column has."""
    return frozenset.intersection(*map(frozenset, columns)) if columns else frozenset()


def beginning(text: str, size: int) -> str:
    """The first graphemes of ``text``, at most ``size`` bytes of them."""
    if len(text.encode()) <= size:
        return text
    start = text.encode()[:size].decode("utf-8", "ignore")
    last = regex.search(r"\X$", start)
    return start[: last.start()] if last else start


def _cut_note(drawn: int, size: int) -> str:
    return f' <span class="cutoff">the first {drawn:,} of {size:,} bytes are drawn</span>'


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The ids of a column that end within the part that is drawn."""

    ids: list[int]
    spans: list[Span]

    @classmethod
    def of(cls, column: Column, part: str) -> _Drawn:
        count = int(np.searchsorted(column.spans[:, 1], len(part.encode()), side="right"))
        begins, ends = column.spans[:count].T.tolist()
        return cls(column.ids[:count].tolist(), list(zip(begins, ends, strict=True)))


def _figures(
    column: Column, counts: TextCounts, fewest: int, price: float | None, currency: str
) -> str:
    best = " best" if column.restores and len(column.ids) == fewest else ""
    rate = f"{counts.bytes / len(column.ids):.2f} bytes a token" if len(column.ids) else ""
    cost = ""
    if price is not None:
        cost = f'<span class="cost">{escape(currency)}{len(column.ids) * price / 1e6:,.6f}</span>'
    lossy = "" if column.restores else '<span class="lossy">does not restore this text</span>'
    return (
        f'<p class="figures"><b class="total{best}">{len(column.ids):,}</b> tokens '
        f"<span>{rate}</span>{cost}{lossy}</p>"
    )


def _tokens(column: Column, part: str, drawn: _Drawn, shared: frozenset[Span]) -> str:
    """The coloured text and the list of ids; both name a token by its place."""
    ends = [end for _, end in drawn.spans]
    text = part.encode()[: ends[-1]].decode("utf-8", "ignore") if ends else ""
    stretches: list[str] = []
    items: list[str] = []
    at = 0
    for span in drawn_spans(text, drawn.ids, ends):
        many = len(span.ids)
        alone = not shared.issuperset(drawn.spans[at : at + many])
        special = span.ids[0] in column.specials
        rest = f'{_classes(span.ids[0], many > 1, special, alone)}" data-t="{at}">'
        count = f"<sup>{many}</sup>" if many > 1 else ""
        stretches.append(f'<span class="{rest}{marked(span.text)}{count}</span>')
        for id_ in span.ids:
            items.append(f'<li class="{rest}{id_}</li>')
        at += many
    name = escape(column.name)
    return (
        f'<div class="tokens" dir="auto" tabindex="0" role="group" aria-label="tokens of {name}">'
        f"{''.join(stretches)}</div>"
        f'<ol class="ids" aria-label="ids of {name}">{"".join(items)}</ol>'
    )


@lru_cache(maxsize=65_536)
def _classes(id_: int, many: bool, special: bool, alone: bool) -> str:
    kind = f"c{color_of_id(id_)}"
    if many:
        kind += " many"
    if special:
        kind += " special"
    return kind + " alone" if alone else kind


def color_of_id(id_: int) -> int:
    """The colour of an id: neighbouring ids get different ones."""
    return (id_ * 2_654_435_761 >> 8) % COLORS


def compare(
    text: str, tokenizers: Mapping[str, Tokenizer], policy: Policy = "text"
) -> list[Column]:
    """A column for each tokenizer."""
    return [cut_text(name, each, text, policy) for name, each in tokenizers.items()]
