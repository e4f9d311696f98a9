"""A finished study: the folder it wrote, and what it found."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tokenry.drawing.canvas import check_plots
from tokenry.drawing.frame import framed
from tokenry.drawing.plot import chosen, save_plots
from tokenry.drawing.score_tables import scores_as_csv, scores_as_latex, scores_as_markdown
from tokenry.drawing.tables import markdown_text
from tokenry.errors import StudyError
from tokenry.json_data import Json
from tokenry.measuring.registry import metrics_of
from tokenry.study.content import Study
from tokenry.study.plots import study_plots
from tokenry.study.scores import language_table, score_table, score_tables, source_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FILE = "study.json"
REPORT = "report.html"


@dataclass(frozen=True)
class StudyResult:
    """A finished study.

    Attributes:
        folder: that it wrote.
        study: what it found.
    """

    folder: Path
    study: Study

    @classmethod
    def read(cls, folder: str | os.PathLike[str]) -> StudyResult:
        """A study that was finished before.

        Raises:
            FormatError: the folder's study.json is of another version, or broken.
        """
        return cls(Path(folder), Study.read(Path(folder, FILE)))

    @property
    def content(self) -> Json:
        """What it found as plain data, as in study.json; see docs/study.md."""
        return self.study.content

    @property
    def winner(self) -> str:
        """Name of the winning learnt tokenizer; where none was learnt, of the published one."""
        return self.study.winner.name

    @property
    def winner_folder(self) -> Path:
        """Where the winner is saved.

        Raises:
            StudyError: none was learnt, so that none was saved.
        """
        folder = self.folder / "tokenizers" / self.winner
        if not self.study.options.learners:
            raise StudyError(f"{self.winner} is a published tokenizer; this study saved none")
        return folder

    @property
    def report(self) -> Path:
        """The page to look at."""
        return self.folder / REPORT

    def to_json(self) -> Json:
        """The content of study.json."""
        return self.content

    def to_csv(self) -> str:
        """Every figure that a metric has, one a row; see docs/study.md for the columns."""
        return scores_as_csv(score_tables(self.study), language_table(self.study))

    def to_latex(self) -> str:
        """Tables for a paper: all, by domain, premiums by language; they need booktabs."""
        tables, languages = score_tables(self.study), language_table(self.study)
        return scores_as_latex(tables, languages, source=source_of(self.study))

    def to_markdown(self) -> str:
        """The tokenizers side by side, a row a metric, and what was found in a sentence."""
        winner, table = self.study.winner, score_table(self.study)
        note = f"Bold: the best of a row. On {source_of(self.study)}.{table.remark}"
        parts = [winner.summary, winner.reason]
        if self.study.advice is not None:
            parts.append(self.study.advice.reason)
        found = " ".join(map(markdown_text, parts))
        return f"{scores_as_markdown(table)}\n{note}\n\n{found}\n"

    def plot(self, name: str | None = None) -> Figure:
        """A plot as a figure of matplotlib, with its legend; a notebook shows it.

        Args:
            name: ``curve``, ``domains``, ``premiums`` or ``ranks``; the first by default.

        Raises:
            StudyError: the study has no plot of this name.
            MissingExtraError: matplotlib is not installed.
        """
        check_plots()
        return chosen(study_plots(self.study), name)

    def save_figures(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Write all plots into a folder as SVG, PDF and PNG, each with its legend.

        Raises:
            StudyError: the folder is a file.
            MissingExtraError: matplotlib is not installed.
        """
        check_plots()
        return save_plots(study_plots(self.study), folder)

    def _repr_html_(self) -> str:
        from tokenry.study.page import render_short

        return framed(render_short(self.study), 260 + 60 * len(self.study.names), "tokenizer study")

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Heads and rows of the summary table, as text."""
        metrics = metrics_of("study", level="table")
        rows = [
            [
                each.name,
                f"{each.vocabulary_size:,}",
                *(metric.text(self.study.figure(each, metric)) for metric in metrics),
            ]
            for each in self.study.tokenizers
        ]
        return ["tokenizer", "ids", *(metric.head for metric in metrics)], rows
