"""The plot that only a study has."""

from __future__ import annotations

from typing import Any

from tokenry.drawing.canvas import GRID, canvas, color_of, marker_of, plain_log_ticks, svg
from tokenry.measuring.registry import LEAD
from tokenry.study.content import Study


def curve_plot(study: Study) -> str:
    """Bytes per token by vocabulary size: nested vocabularies as lines, references as marks."""
    figure, axes = canvas(3.9)
    for i, each in enumerate(study.tokenizers):
        points = study.curves.get(each.name)
        color, marker = color_of(i), marker_of(i)
        style: dict[str, Any] = {"color": color, "marker": marker}
        if points:
            sizes = [point.vocabulary_size for point in points]
            figures = [point.bytes_per_token for point in points]
            axes.plot(sizes, [f.value for f in figures], linewidth=2, markersize=5.5, **style)
            between = [f.interval for f in figures if f.interval is not None]
            if len(between) == len(figures):
                low, high = ([getattr(b, end) for b in between] for end in ("low", "high"))
                axes.fill_between(sizes, low, high, color=color, alpha=0.14, linewidth=0)
        else:
            value = each.overall[LEAD.name].value
            axes.plot([each.vocabulary_size], [value], linestyle="", markersize=9, **style)
    axes.set_xscale("log")
    sizes = [each.vocabulary_size for each in study.tokenizers]
    sizes += [point.vocabulary_size for points in study.curves.values() for point in points]
    plain_log_ticks(axes, sizes)
    axes.set_xlabel("vocabulary size (ids)")
    axes.set_ylabel(LEAD.label)
    axes.grid(color=GRID, linewidth=0.8)
    return svg(figure, "curve", f"{LEAD.title} against vocabulary size")
