"""The plots of the report as inline SVG that takes its colours from the page.

Matplotlib draws with placeholder colours; they are then replaced by CSS variables, so that one SVG
is right in light and in dark. Texts stay text: they can be selected, searched and read aloud.
"""

from __future__ import annotations

import importlib.util
import io
import re
from typing import TYPE_CHECKING, Any

from tokenry.errors import MissingExtraError

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
    return _VARIABLES[_color(position)]


def series_shape(position: int) -> str:
    """The mark of that tokenizer as an SVG path, in a square from -6 to 6."""
    return _SHAPES[_marker(position)]


def _color(position: int) -> str:
    return SERIES[position % len(SERIES)]


def _marker(position: int) -> str:
    # colours come again after eight tokenizers, then with the next mark: 64 pairs are different
    return _MARKERS[(position + position // len(SERIES)) % len(_MARKERS)]


def domain_plot(study: dict[str, Any]) -> str:
    """Bytes per token by domain, with intervals: one row a domain, one mark a tokenizer."""
    tokenizers = study["tokenizers"]
    domains = list(tokenizers[0]["domains"])
    figure, axes = _canvas(0.9 + max(0.62, 0.17 * len(tokenizers)) * len(domains))
    step = 0.72 / max(1, len(tokenizers))
    for i, each in enumerate(tokenizers):
        shift = (i - (len(tokenizers) - 1) / 2) * step
        for row, domain in enumerate(domains):
            _dot(axes, each["domains"][domain]["bytes_per_token"], row + shift, i)
    for row in range(1, len(domains)):
        axes.axhline(row - 0.5, color=GRID, linewidth=0.8)
    axes.set_yticks(range(len(domains)), labels=[_clip(domain) for domain in domains])
    axes.set_ylim(len(domains) - 0.5, -0.5)
    axes.set_xlabel("bytes per token (more is better)")
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    return _svg(figure, "domains", "Bytes per token by domain with 95% intervals")


def curve_plot(study: dict[str, Any]) -> str:
    """Bytes per token by vocabulary size: nested vocabularies as lines, references as marks."""
    figure, axes = _canvas(3.9)
    for i, each in enumerate(study["tokenizers"]):
        points = study["curves"].get(each["name"])
        color, marker = _color(i), _marker(i)
        style: dict[str, Any] = {"color": color, "marker": marker}
        if points:
            sizes = [point["vocabulary_size"] for point in points]
            figures = [point["bytes_per_token"] for point in points]
            axes.plot(sizes, [f["value"] for f in figures], linewidth=2, markersize=5.5, **style)
            if all(f["interval"] for f in figures):
                low = [f["interval"]["low"] for f in figures]
                high = [f["interval"]["high"] for f in figures]
                axes.fill_between(sizes, low, high, color=color, alpha=0.14, linewidth=0)
        else:
            value = each["overall"]["bytes_per_token"]["value"]
            axes.plot([each["vocabulary_size"]], [value], linestyle="", markersize=9, **style)
    axes.set_xscale("log")
    _plain_log_ticks(axes, study)
    axes.set_xlabel("vocabulary size (ids)")
    axes.set_ylabel("bytes per token")
    axes.grid(color=GRID, linewidth=0.8)
    return _svg(figure, "curve", "Bytes per token against vocabulary size")


def premium_plot(study: dict[str, Any]) -> str:
    """Premium by language: a bar for the winner, a mark for each other tokenizer."""
    found = study["premiums"]
    winner = study["winner"]["name"]
    rows = found["by_tokenizer"][winner]["premiums"]
    labels = [found["labels"].get(row["language"], row["language"]) for row in rows]
    figure, axes = _canvas(0.8 + 0.205 * len(rows))
    order = {row["language"]: place for place, row in enumerate(rows)}
    for i, each in enumerate(study["tokenizers"]):
        color = _color(i)
        premiums = found["by_tokenizer"][each["name"]]["premiums"]
        places = [order[row["language"]] for row in premiums]
        values = [row["value"] for row in premiums]
        if each["name"] == winner:
            axes.barh(places, values, color=color, alpha=0.32, height=0.72, linewidth=0)
        axes.plot(
            values,
            places,
            linestyle="",
            marker=_marker(i),
            markersize=4.6,
            color=color,
        )
    axes.axvline(1, color=INK, linewidth=1)
    axes.set_yticks(range(len(rows)), labels=[_clip(label) for label in labels], fontsize=8.5)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(left=0)
    reference = found["labels"].get(found["reference"], found["reference"])
    axes.set_xlabel(f"tokens for one token of {reference} (1 = the same price)")
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    return _svg(figure, "premiums", "Premium by language on parallel text")


def rank_plot(study: dict[str, Any]) -> str:
    """Share of tokens by frequency rank, both axes logarithmic."""
    figure, axes = _canvas(3.7)
    for i, each in enumerate(study["tokenizers"]):
        found = each["rank_frequency"]
        axes.plot(found["ranks"], found["shares"], color=_color(i), linewidth=1.9)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("frequency rank of the id")
    axes.set_ylabel("share of tokens")
    axes.grid(color=GRID, linewidth=0.8)
    return _svg(figure, "ranks", "Share of tokens by frequency rank")


def check_plots() -> None:
    """Say before any work that plots cannot be drawn.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    if importlib.util.find_spec("matplotlib") is None:
        raise MissingExtraError("matplotlib", "study", "the report of a study")


def _canvas(height: float) -> tuple[Figure, Axes]:
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


def _dot(axes: Axes, figure: Any, height: float, position: int) -> None:
    color = _color(position)
    if figure["interval"] is not None:
        ends = [figure["interval"]["low"], figure["interval"]["high"]]
        axes.plot(ends, [height, height], color=color, linewidth=2.4, alpha=0.45)
    marker = _marker(position)
    axes.plot([figure["value"]], [height], linestyle="", marker=marker, markersize=6, color=color)


def _plain_log_ticks(axes: Axes, study: dict[str, Any]) -> None:
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    sizes = [each["vocabulary_size"] for each in study["tokenizers"]]
    sizes += [point["vocabulary_size"] for points in study["curves"].values() for point in points]
    ticks = (500, 1000, 2000, 4000, 8000, 16000, 32000, 64000, 128000, 256000)
    inside = [n for n in ticks if min(sizes) * 0.8 <= n <= max(sizes) * 1.25] or [max(sizes)]
    axes.xaxis.set_major_locator(FixedLocator(inside))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda n, _: f"{n / 1000:g}k" if n >= 1000 else f"{n:g}")
    )


def _clip(text: str, length: int = 28) -> str:
    # a dollar sign would begin mathematics in matplotlib
    short = text if len(text) <= length else text[: length - 1] + "…"
    return short.replace("$", r"\$")


def _svg(figure: Figure, name: str, title: str) -> str:
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
