"""A drawing of what vocabulary sizes cost, as a file of its own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tokenry.drawing.canvas import check_plots, clip
from tokenry.measuring.size import SizeSweep

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, MUTED, GRID, MAIN, SECOND = "#1c1b19", "#6b675f", "#e4e0d8", "#0f6e56", "#c2410c"
NAMED = 4  # languages whose names fit beside their lines


def draw_sizes(
    sweep: SizeSweep, languages: Mapping[str, Mapping[int, int]], path: str | os.PathLike[str]
) -> Path:
    """Bytes per token, operations per byte and, where given, tokens by language, over the size.

    Args:
        sweep: what was measured.
        languages: tokens of the same text by language and size; may be empty.
        path: ``.svg`` or ``.png``.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    check_plots()
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    count = 3 if languages else 2
    with rc_context({"font.size": 10, "svg.hashsalt": "sizes"}):
        figure = Figure(figsize=(4.2 * count, 3.6), layout="constrained")
        panels = figure.subplots(1, count)
        sizes = [point.size for point in sweep.points]
        per_token = [point.bytes_per_token.value for point in sweep.points]
        operations = [point.flops_per_byte / 1e6 for point in sweep.points]
        _line(panels[0], sizes, per_token, "bytes per token (more is better)")
        _line(panels[1], sizes, operations, "million operations per byte (fewer is better)")
        for axes, values in ((panels[0], per_token), (panels[1], operations)):
            _mark(axes, sweep.recommended, values[sizes.index(sweep.recommended)])
        if languages:
            _draw_languages(panels[2], languages)
        metadata = {"Date": None} if Path(path).suffix == ".svg" else None
        figure.savefig(path, dpi=150, metadata=metadata, facecolor="white")
    return Path(path)


def _line(axes: Axes, sizes: list[int], values: list[float], label: str) -> None:
    axes.plot(sizes, values, "o-", color=MAIN, linewidth=2, markersize=5)
    _dress(axes, label, sizes)


def _mark(axes: Axes, size: int, value: float) -> None:
    axes.plot([size], [value], "o", color=SECOND, markersize=9, zorder=3)
    middle = sum(axes.get_ylim()) / 2
    axes.annotate(
        f"{size:,}", (size, value), color=SECOND, ha="center", textcoords="offset points",
        xytext=(0, -17 if value > middle else 12),
    )  # fmt: skip


def _draw_languages(axes: Axes, languages: Mapping[str, Mapping[int, int]]) -> None:
    """All languages in grey; those at the ends of the order named at the right."""
    order = sorted(languages, key=lambda name: list(languages[name].values())[-1])
    named = {*order[: NAMED // 2], *order[-NAMED // 2 :]}
    for name in order:
        sizes, tokens = list(languages[name]), list(languages[name].values())
        color, front = (SECOND, 2) if name in named else (GRID, 1)
        axes.plot(sizes, tokens, color=color, linewidth=1.4, zorder=front)
    low, high = axes.get_ylim()
    step, floor = (high - low) / 18, low
    for name in (each for each in order if each in named):
        floor = max(floor + step, list(languages[name].values())[-1])
        end = list(languages[name])[-1]
        axes.annotate(
            clip(name, 14), (end, floor), fontsize=8, color=INK, va="center",
            xytext=(5, 0), textcoords="offset points",
        )  # fmt: skip
    _dress(axes, "tokens of the parallel text, by language", list(languages[order[0]]))


def _dress(axes: Axes, label: str, sizes: list[int]) -> None:
    axes.set_xscale("log")
    axes.set_xticks(sizes, [_short(size) for size in sizes], fontsize=8)
    axes.minorticks_off()
    axes.set_xlabel("ids", color=MUTED)
    axes.set_title(label, fontsize=10, color=INK, loc="left")
    axes.grid(color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GRID)
    axes.tick_params(which="both", length=0, colors=MUTED)


def _short(size: int) -> str:
    return str(size) if size < 1000 else f"{size / 1000:g}k"
