"""Forms of a report that commands write beside what they print."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tokenry.drawing.canvas import check_plots
from tokenry.drawing.plot import check_folder
from tokenry.errors import StudyError
from tokenry.files import write_text


class Showable(Protocol):
    """What a card and a finished study can be written as."""

    def to_csv(self) -> str:
        """Every figure, one a row."""

    def to_latex(self) -> str:
        """Tables for a paper."""

    def to_markdown(self) -> str:
        """Tokenizers side by side."""

    def save_figures(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Write all plots into a folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """Where to write which form of a report; None for one that is not wanted."""

    csv: Path | None
    latex: Path | None
    markdown: Path | None
    figures: Path | None

    def check(self, *others: Path | None) -> None:
        """Say before any work that a form cannot be written.

        Raises:
            StudyError: a folder stands where a file is to be written, or the other way round.
            MissingExtraError: figures are wanted, and matplotlib is not installed.
        """
        check_files((self.csv, self.latex, self.markdown, *others))
        if self.figures is not None:
            check_plots()
            check_folder(self.figures)

    def write(self, report: Showable) -> None:
        """Write the forms that are wanted."""
        if self.csv is not None:
            write_text(self.csv, report.to_csv())
        if self.latex is not None:
            write_text(self.latex, report.to_latex())
        if self.markdown is not None:
            write_text(self.markdown, report.to_markdown())
        if self.figures is not None:
            report.save_figures(self.figures)


def check_files(paths: Iterable[Path | None]) -> None:
    """Refuse folders where files are to be written.

    Raises:
        StudyError: one of the paths is a folder.
    """
    for path in paths:
        if path is not None and path.is_dir():
            raise StudyError(f"{path} is a folder; name the file to write")
