"""A finished study: the folder it wrote, and what it found."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tokenry.measuring.registry import metrics_of
from tokenry.results import Json
from tokenry.study.content import Study

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
        """Name of the winning learnt tokenizer."""
        return self.study.winner.name

    @property
    def winner_folder(self) -> Path:
        """Where the winner is saved."""
        return self.folder / "tokenizers" / self.winner

    @property
    def report(self) -> Path:
        """The page to look at."""
        return self.folder / REPORT

    def to_json(self) -> Json:
        """The content of study.json."""
        return self.content

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Heads and rows of the summary table, as text."""
        metrics = metrics_of("study", level="table")
        rows = [
            [
                each.name,
                f"{each.vocabulary_size:,}",
                *(metric.text(each.figure(metric)) for metric in metrics),
            ]
            for each in self.study.tokenizers
        ]
        return ["tokenizer", "ids", *(metric.head for metric in metrics)], rows
