"""Texts as tokens in a notebook, or as a page of its own."""

from __future__ import annotations

from dataclasses import dataclass

from tokenry.arguments import checked
from tokenry.drawing.blocks import document
from tokenry.drawing.column_style import COLUMNS_CSS
from tokenry.drawing.columns import Column, Policy, compare, draw_columns
from tokenry.drawing.frame import framed
from tokenry.errors import VocabularyError
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

    def __str__(self) -> str:
        return "\n".join(_printed(self.text, column) for column in self.columns)

    def _repr_html_(self) -> str:
        longest = max((len(column.ids) for column in self.columns), default=0)
        return framed(self.to_html(), min(900, 260 + 14 * longest // 4), "tokens")


def _printed(text: str, column: Column) -> str:
    """Counts, and the text with a bar between tokens; bytes of broken characters as U+FFFD."""
    size, count = len(text.encode()), len(column.ids)
    head = f"{column.name}: {count:,} tokens, {size / max(1, count):.2f} bytes a token"
    lossy = "" if column.restores else "; does not restore this text"
    data = text.encode()
    cut = (data[begin:end].decode("utf-8", "replace") for begin, end in column.spans.tolist())
    return f"{head}{lossy}\n{'|'.join(cut)}"


@checked
def show(text: str, *tokenizers: Tokenizer, policy: Policy = "text", **labelled: Tokenizer) -> View:
    """What tokenizers do to a text, to look at: coloured in a notebook, printed elsewhere.

    Args:
        text: what to encode.
        *tokenizers: called by their own names.
        policy: ``text``, or ``recognised`` for specials in the text that become their ids.
        **labelled: tokenizers by what to call them: ``show(text, mine=a, gpt2=b)``.

    Raises:
        ArgumentError: ``text`` is no str, or ``policy`` none of these.
        VocabularyError: there is no tokenizer, or what was given is none.

    >>> from tokenry.learning import learn
    >>> print(show("low lower", mine=learn(["low lower lowest " * 9], vocab_size=260)))
    mine: 3 tokens, 3.00 bytes a token
    low| lowe|r
    """
    named: dict[str, Tokenizer] = {}
    for place, tokenizer in enumerate(tokenizers, start=1):
        name = getattr(tokenizer, "name", None) or "tokenizer"
        named[name if name not in named else f"{name} ({place})"] = tokenizer
    named |= labelled
    wrong = [name for name, each in named.items() if not isinstance(each, Tokenizer)]
    if wrong or not named:
        given = f"{wrong[0]} is {named[wrong[0]]!r:.60}" if wrong else "no tokenizer was given"
        raise VocabularyError(f"{given}; expected tokenizers, such as tokenry.load gives")
    return View(text, tuple(compare(text, named, policy)))
