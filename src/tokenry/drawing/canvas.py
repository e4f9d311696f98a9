"""Plots as inline SVG that takes its colours from the page.

Matplotlib draws with placeholder colours; they are then replaced by CSS variables, so that one SVG
is right in light and in dark. Texts stay text: they can be selected, searched and read aloud.
"""

from __future__ import annotations

import importlib.util
import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tokenry.errors import MissingExtraError
from tokenry.measuring.measurement import Measurement

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, MUTED, GRID = "#010101", "#020202", "#030303"
SERIES = ("#0a0a0a", "#0a0a0b", "#0a0a0c", "#0a0a0d", "#0a0a0e", "#0a0a0f", "#0a0a1a", "#0a0a1b")
_VARIABLES = {
    INK: "var(--ink)",
    MUTED: "var(--muted)",
    GRID: "var(--line)",
    **{color: f"var(--series-{i})" for i, color in enumerate(SERIES)},
}
_MARKERS = "osD^vPX*"
_SHAPES = {  # the same marks as SVG paths in a square from -6 to 6
    "o": "M-5,0a5,5 0 1,0 10,0a5,5 0 1,0 -10,0z",
    "s": "M-4.5,-4.5h9v9h-9z",
    "D": "M0,-6L6,0L0,6L-6,0z",
    "^": "M0,-5.5L5.5,5H-5.5z",
    "v": "M0,5.5L5.5,-5H-5.5z",
    "P": "M-2,-6h4v4h4v4h-4v4h-4v-4h-4v-4h4z",
    "X": "M-6,-3L-3,-6L0,-3L3,-6L6,-3L3,0L6,3L3,6L0,3L-3,6L-6,3L-3,0z",
    "*": "M0,-6L1.8,-2L6,-1.6L2.8,1.4L3.7,5.6L0,3.4L-3.7,5.6L-2.8,1.4L-6,-1.6L-1.8,-2z",
}
_WIDTH = 8.6  # inches at 72 points: the text column of the page


def series_color(position: int) -> str:
    """The colour of the tokenizer at ``position`` of the study, as a CSS value."""
    return _VARIABLES[color_of(position)]


def series_shape(position: int) -> str:
    """The mark of that tokenizer as an SVG path, in a square from -6 to 6."""
    return _SHAPES[marker_of(position)]


def color_of(position: int) -> str:
    """The placeholder colour of the tokenizer at ``position``."""
    return SERIES[position % len(SERIES)]


def marker_of(position: int) -> str:
    """Matplotlib's marker for the tokenizer at ``position``."""
    # colours come again after eight tokenizers, then with the next mark: 64 pairs are different
    return _MARKERS[(position + position // len(SERIES)) % len(_MARKERS)]


def check_plots() -> None:
    """Say before any work that plots cannot be drawn.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    if importlib.util.find_spec("matplotlib") is None:
        raise MissingExtraError("matplotlib", "study", "the report of a study")


def canvas(height: float) -> tuple[Figure, Axes]:
    """An empty drawing as wide as the page, ``height`` inches high."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"font.size": 10, "axes.labelsize": 10}):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        axes: Axes = figure.add_subplot()
    figure.patch.set_alpha(0)
    axes.patch.set_alpha(0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GRID)
    axes.set_axisbelow(True)
    axes.tick_params(which="both", length=0, colors=MUTED, labelcolor=INK, pad=6)
    axes.xaxis.label.set_color(MUTED)
    axes.yaxis.label.set_color(MUTED)
    return figure, axes


def dot(axes: Axes, figure: Measurement, height: float, position: int) -> None:
    """A measured figure with its interval, at ``height`` on the second axis."""
    color = color_of(position)
    if figure.interval is not None:
        ends = [figure.interval.low, figure.interval.high]
        axes.plot(ends, [height, height], color=color, linewidth=2.4, alpha=0.45)
    marker = marker_of(position)
    axes.plot([figure.value], [height], linestyle="", marker=marker, markersize=6, color=color)


def plain_log_ticks(axes: Axes, sizes: Sequence[int]) -> None:
    """Name the sizes of vocabularies on a logarithmic axis, as 1k, 2k, 4k."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    ticks = (500, 1000, 2000, 4000, 8000, 16000, 32000, 64000, 128000, 256000)
    inside = [n for n in ticks if min(sizes) * 0.8 <= n <= max(sizes) * 1.25] or [max(sizes)]
    axes.xaxis.set_major_locator(FixedLocator(inside))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda n, _: f"{n / 1000:g}k" if n >= 1000 else f"{n:g}")
    )


def clip(text: str, length: int = 28) -> str:
    """A label that is not too long."""
    # a dollar sign would begin mathematics in matplotlib
    short = text if len(text) <= length else text[: length - 1] + "…"
    return short.replace("$", r"\$")


def svg(figure: Figure, name: str, title: str) -> str:
    """The drawing as an element of a page; ``name`` keeps its ids apart from other drawings'."""
    from matplotlib import rc_context

    buffer = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S)
    svg = re.sub(r'\s(width|height)="[\d.]+pt"', "", svg, count=2)
    svg = re.sub(r' xmlns(:xlink)?="[^"]*"', "", svg)
    svg = svg.replace("xlink:href", "href")
    # ids of several drawings in one page must differ
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r'(url\(#|href="#)', rf"\g<1>{name}-", svg)
    svg = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font-size: \1px", svg)
    for color, variable in _VARIABLES.items():
        svg = svg.replace(color, variable)
    return svg.replace("<svg", f'<svg role="img" aria-label="{title}" class="plot"', 1).strip()
