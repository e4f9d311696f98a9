"""A finished card, and the forms it takes."""

from __future__ import annotations

from dataclasses import dataclass

from tokenry.card.content import CardContent
from tokenry.card.markdown import render as render_markdown
from tokenry.measuring.registry import metrics_of


@dataclass(frozen=True)
class Card(CardContent):
    """The figures of one or more tokenizers on the same data; see docs/card.md for the fields."""

    def to_html(self) -> str:
        """A page that needs nothing but itself."""
        from tokenry.card.page import render

        return render(self)

    def to_markdown(self) -> str:
        """A tokenizer card in Markdown with front matter, one after another for several."""
        return render_markdown(self)

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Heads and rows of the scorecard, as text."""
        metrics = metrics_of("card", level="table")
        rows = [
            [
                each.name,
                f"{each.identity.vocabulary_size:,}",
                *(metric.text(each.figure(metric)) for metric in metrics),
            ]
            for each in self.tokenizers
        ]
        return ["tokenizer", "ids", *(metric.head for metric in metrics)], rows

    def _repr_html_(self) -> str:
        from tokenry.drawing.frame import framed

        return framed(self.to_html(), 900, "tokenizer card")
