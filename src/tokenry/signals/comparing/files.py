"""The folder of a comparison: its page, its figures as JSON, Markdown and CSV, its plots."""

from __future__ import annotations

import os
from pathlib import Path

from tokenry.drawing.plot import save_plots
from tokenry.files import write_text
from tokenry.signals.comparing.comparison import CodingComparison
from tokenry.signals.comparing.page import render
from tokenry.signals.comparing.plots import curves
from tokenry.signals.comparing.tables import as_csv, as_markdown


def write_report(comparison: CodingComparison, folder: str | os.PathLike[str]) -> Path:
    """Write ``report.html``, ``comparison.json``, ``scores.md``, ``scores.csv`` and ``plots/``.

    Returns:
        The path of the page.
    """
    folder = Path(folder)
    comparison.save(folder / "comparison.json")
    write_text(folder / "scores.md", as_markdown(comparison))
    write_text(folder / "scores.csv", as_csv(comparison))
    save_plots(curves(comparison), folder / "plots")
    return write_text(folder / "report.html", render(comparison))
