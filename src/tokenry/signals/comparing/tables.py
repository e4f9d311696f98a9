"""A comparison as Markdown and CSV: a row a way and setting, a column a measure."""

from __future__ import annotations

from typing import Final

from tokenry.drawing.tables import csv_text, markdown_table
from tokenry.signals.comparing.comparison import CodingComparison
from tokenry.signals.measures.measured import PictureScores
from tokenry.signals.measures.registry import MEASURES, SignalMeasure

ORIGINAL: Final = "originals"


def measures_of(comparison: CodingComparison) -> list[SignalMeasure]:
    """Those that some way has a figure of."""
    found = {name for score in comparison.scores for name in score.figures}
    return [each for name, each in MEASURES.items() if name in found]  # type: ignore[misc]


def cells_of(score: PictureScores, measures: list[SignalMeasure]) -> list[str]:
    """Texts of the figures of a row."""
    return [each.text(score.figures.get(each.name)) for each in measures]


def best_of(comparison: CodingComparison, measure: SignalMeasure) -> float | None:
    """The best figure of all; None where no value is better by itself, and for bits and speed."""
    if not measure.better or measure.needs in ("bits", "time", "codes"):
        return None
    figures = [s.figures[measure.name] for s in comparison.scores if measure.name in s.figures]
    if len(set(figures)) < 2:
        return None
    return max(figures) if measure.better == "higher" else min(figures)


def as_markdown(comparison: CodingComparison) -> str:
    """A table, by rising bits of each way."""
    measures = measures_of(comparison)
    rows = [
        [score.family, score.setting, *cells_of(score, measures)]
        for family in comparison.families
        for score in comparison.of(family)
    ]
    heads = ["way", "setting", *(each.label for each in measures)]
    return markdown_table(heads, rows) + "\n" + remark(comparison) + "\n"


def as_csv(comparison: CodingComparison) -> str:
    """A row a figure, for spreadsheets and data frames."""
    rows = [
        (score.family, score.setting, repr(score.bits), name, repr(value))
        for score in comparison.scores
        for name, value in score.figures.items()
    ]
    return csv_text(("way", "setting", "bits", "measure", "value"), rows)


def remark(comparison: CodingComparison) -> str:
    """What was measured on, and what the figures of the local classifier compare with."""
    height, width = comparison.size
    parts = [f"{comparison.pictures:,} pictures of {height} x {width}"]
    if comparison.source:
        parts[0] += f" of {comparison.source}"
    if comparison.classifier:
        parts.append(f"local figures by the classifier {comparison.classifier[:8]}")
    if comparison.floor is not None:
        parts.append(f"as many other real pictures get FD-local {comparison.floor:.2f}")
    if comparison.accuracy is not None:
        parts.append(f"it labels {comparison.accuracy:.1%} of the originals rightly")
    return "; ".join(parts) + "."
