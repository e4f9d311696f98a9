"""Quality against bits: a line a way, a mark a setting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tokenry.drawing.canvas import GRID, INK, MUTED, canvas, color_of, marker_of
from tokenry.drawing.plot import Plot
from tokenry.signals.comparing.comparison import CodingComparison
from tokenry.signals.measures.registry import MEASURES, SignalMeasure

DRAWN: Final = ("psnr", "ssim", "ssimulacra2", "fd_local", "lp_local", "accuracy")


def curves(comparison: CodingComparison) -> Iterator[Plot]:
    """A plot of each measure that two settings have a figure of."""
    for name in DRAWN:
        if sum(name in score.figures for score in comparison.scores) > 1:
            yield curve(comparison, MEASURES[name])  # type: ignore[arg-type]


def curve(comparison: CodingComparison, measure: SignalMeasure) -> Plot:
    """One measure against bits a picture, on a logarithmic axis."""
    figure, axes = canvas(4.1)
    for place, family in enumerate(comparison.families):
        points = [s for s in comparison.of(family) if measure.name in s.figures]
        axes.plot(
            [score.bits for score in points],
            [score.figures[measure.name] for score in points],
            color=color_of(place), marker=marker_of(place), linewidth=1.8, markersize=5.5,
        )  # fmt: skip
    reference = _reference(comparison, measure.name)
    if reference is not None:
        value, text = reference
        axes.axhline(value, color=MUTED, linewidth=1, linestyle=(0, (4, 3)))
        axes.annotate(
            text, (0.995, value), xycoords=("axes fraction", "data"), ha="right", va="bottom",
            fontsize=8, color=INK,
        )  # fmt: skip
    axes.set_xscale("log", base=2)
    if measure.name == "fd_local":
        axes.set_yscale("log")
    axes.xaxis.set_major_formatter(lambda bits, _: f"{bits:,.0f}")
    axes.set_xlabel("bits a picture")
    better = {"higher": " (more is better)", "lower": " (less is better)", "": ""}
    axes.set_ylabel(measure.label + better[measure.better])
    axes.grid(color=GRID, linewidth=0.8)
    title = f"{measure.label} against bits a picture"
    return Plot(figure, f"curve-{measure.name}", title, comparison.families)


def _reference(comparison: CodingComparison, name: str) -> tuple[float, str] | None:
    """What originals or other real pictures get."""
    if name == "fd_local" and comparison.floor:
        return comparison.floor, "other real pictures"
    if name == "accuracy" and comparison.accuracy is not None:
        return comparison.accuracy, "originals"
    return None
