"""A finished card, and the forms it takes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tokenry.card.content import CardContent
from tokenry.card.drawings import card_plots
from tokenry.card.markdown import render as render_markdown
from tokenry.card.scores import language_table, score_tables, source_of
from tokenry.drawing.canvas import check_plots
from tokenry.drawing.frame import framed
from tokenry.drawing.plot import chosen, save_plots
from tokenry.drawing.score_tables import scores_as_csv, scores_as_latex
from tokenry.measuring.registry import metrics_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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

    def to_csv(self) -> str:
        """Every figure that a metric has, one a row; see docs/card.md for the columns."""
        return scores_as_csv(score_tables(self), language_table(self))

    def to_latex(self) -> str:
        """Tables for a paper, one a section, and premiums by language; they need booktabs."""
        tables = score_tables(self)
        return scores_as_latex(tables, language_table(self), source=source_of(self))

    def plot(self, name: str | None = None) -> Figure:
        """A plot as a figure of matplotlib, with its legend; a notebook shows it.

        Args:
            name: ``premiums``, ``lorenz``, ``domains``, ``make-up-role``, ``make-up-script``,
                ``lengths``, ``ranks`` or ``sweep``; the first that the card has by default.

        Raises:
            StudyError: the card has no plot of this name.
            MissingExtraError: matplotlib is not installed.
        """
        check_plots()
        return chosen(card_plots(self), name)

    def save_figures(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Write all plots into a folder as SVG, PDF and PNG, each with its legend.

        Raises:
            StudyError: the folder is a file.
            MissingExtraError: matplotlib is not installed.
        """
        check_plots()
        return save_plots(card_plots(self), folder)

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
        from tokenry.card.page import render_short

        return framed(render_short(self), 190 + 60 * len(self.tokenizers), "tokenizer card")
