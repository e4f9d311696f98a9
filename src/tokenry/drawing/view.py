"""Texts as tokens in a notebook, or as a page of its own."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from tokenry.drawing.column_style import COLUMNS_CSS
from tokenry.drawing.columns import Column, Policy, compare, draw_columns
from tokenry.drawing.style import CSS
from tokenry.text.tokenizer import Tokenizer


@dataclass(frozen=True, slots=True)
class View:
    """A text under one or more tokenizers; a notebook shows it as coloured tokens."""

    text: str
    columns: tuple[Column, ...]

    def to_html(self) -> str:
        """A page that needs nothing but itself."""
        title = ", ".join(column.name for column in self.columns)
        return (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="color-scheme" content="light dark">\n'
            f"<title>{escape(title)}</title>\n<style>{CSS}{COLUMNS_CSS}</style>\n</head>\n"
            f"<body>\n<main>{draw_columns(self.text, self.columns)}</main>\n</body>\n</html>\n"
        )

    def _repr_html_(self) -> str:
        # In a frame the style touches nothing of the notebook, and the notebook nothing of it.
        height = min(900, 260 + 14 * max((len(c.ids) for c in self.columns), default=0) // 4)
        return (
            f'<iframe srcdoc="{escape(self.to_html())}" sandbox="" width="100%" '
            f'height="{height}" frameborder="0" title="tokens"></iframe>'
        )


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
