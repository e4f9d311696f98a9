"""Texts as tokens in a notebook, or as a page of its own."""

from __future__ import annotations

from dataclasses import dataclass

from tokenry.drawing.blocks import document
from tokenry.drawing.column_style import COLUMNS_CSS
from tokenry.drawing.columns import Column, Policy, compare, draw_columns
from tokenry.drawing.frame import framed
from tokenry.tokenizer import Tokenizer


@dataclass(frozen=True, slots=True)
class View:
    """A text under one or more tokenizers; a notebook shows it as coloured tokens."""

    text: str
    columns: tuple[Column, ...]

    def to_html(self) -> str:
        """A page that needs nothing but itself."""
        title = ", ".join(column.name for column in self.columns)
        return document(title, draw_columns(self.text, self.columns), COLUMNS_CSS)

    def _repr_html_(self) -> str:
        longest = max((len(column.ids) for column in self.columns), default=0)
        return framed(self.to_html(), min(900, 260 + 14 * longest // 4), "tokens")


def show(text: str, *tokenizers: Tokenizer, policy: Policy = "text") -> View:
    """What tokenizers do to a text, to look at.

    >>> from tokenry.learning import learn
    >>> view = show("low lower", learn(["low lower lowest " * 9], vocab_size=260))
    >>> [column.ids.tolist() for column in view.columns]
    [[257, 259, 81]]
    """
    named: dict[str, Tokenizer] = {}
    for place, tokenizer in enumerate(tokenizers, start=1):
        name = tokenizer.name or "tokenizer"
        named[name if name not in named else f"{name} ({place})"] = tokenizer
    return View(text, tuple(compare(text, named, policy)))
