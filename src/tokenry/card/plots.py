"""The plots that only a card has: make-up of vocabularies, the Lorenz curve, the size sweep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tokenry.drawing.canvas import (
    GRID,
    INK,
    canvas,
    clip,
    color_of,
    marker_of,
    plain_log_ticks,
)
from tokenry.drawing.plot import Plot
from tokenry.measuring.size import SizeSweep
from tokenry.measuring.vocabulary import MakeUp

MOST_PARTS = 12


def make_up_plot(kind: str, make_ups: Mapping[str, MakeUp], order: Sequence[str] = ()) -> Plot:
    """Shares of a vocabulary by something: one row a part, one mark a tokenizer.

    Args:
        kind: what the parts are, such as ``script``; names the drawing.
        make_ups: by tokenizer.
        order: of the parts; the largest first where there is none.
    """
    parts = list(order) or _largest(make_ups)
    figure, axes = canvas(0.7 + 0.3 * len(parts))
    for i, found in enumerate(make_ups.values()):
        shares = [found.share(part) for part in parts]
        if i == 0:
            axes.barh(range(len(parts)), shares, color=color_of(0), alpha=0.22, height=0.7)
        axes.plot(shares, range(len(parts)), linestyle="", marker=marker_of(i), color=color_of(i))
    axes.set_yticks(range(len(parts)), labels=[clip(part) for part in parts])
    axes.set_ylim(len(parts) - 0.5, -0.5)
    axes.set_xlim(left=0)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.set_xlabel(f"share of all ids, by {kind}")
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    title = f"Share of the vocabulary by {kind}"
    return Plot(figure, f"make-up-{kind}", title, tuple(make_ups))


def _largest(make_ups: Mapping[str, MakeUp]) -> list[str]:
    shares: dict[str, float] = {}
    for found in make_ups.values():
        for part in found.counts:
            shares[part] = max(shares.get(part, 0), found.share(part))
    return sorted(shares, key=lambda part: (-shares[part], part))[:MOST_PARTS]


def length_plot(lengths: Mapping[str, MakeUp]) -> Plot:
    """Ids by the length of their piece in characters; one line a tokenizer."""
    figure, axes = canvas(3.2)
    names = [str(size) for size in range(17)] + ["17+"]
    for i, found in enumerate(lengths.values()):
        shares = [found.share(name) for name in names]
        axes.plot(range(len(names)), shares, color=color_of(i), marker=marker_of(i), markersize=4)
    axes.set_xticks(range(len(names)), labels=names)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.set_xlabel("characters of the piece (0: specials and parts of characters)")
    axes.set_ylabel("share of all ids")
    axes.grid(color=GRID, linewidth=0.8)
    title = "Share of the vocabulary by length of the piece"
    return Plot(figure, "lengths", title, tuple(lengths))


def lorenz_plot(curves: Mapping[str, Sequence[float]]) -> Plot:
    """Share of all tokens that the cheapest languages need; one line a tokenizer."""
    figure, axes = canvas(3.6)
    axes.plot([0, 1], [0, 1], color=INK, linewidth=1)
    for i, curve in enumerate(curves.values()):
        steps = [place / (len(curve) - 1) for place in range(len(curve))]
        axes.plot(steps, curve, color=color_of(i), linewidth=1.9)
    axes.set_xlabel("share of the languages, those with the fewest tokens first")
    axes.set_ylabel("share of all tokens")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.grid(color=GRID, linewidth=0.8)
    return Plot(figure, "lorenz", "Lorenz curve of tokens over languages", tuple(curves))


def sweep_plot(names: Sequence[str], sweeps: Mapping[str, SizeSweep]) -> Plot:
    """Operations for a byte by vocabulary size, the recommended size marked.

    Args:
        names: of all tokenizers, whose places give colours.
        sweeps: of those whose vocabularies nest.
    """
    figure, axes = canvas(3.6)
    sizes: list[int] = []
    for name, found in sweeps.items():
        i = names.index(name)
        points = found.points
        sizes += [point.size for point in points]
        x, y = zip(*((p.size, p.flops_per_byte / 1e6) for p in points), strict=True)
        axes.plot(x, y, color=color_of(i), marker=marker_of(i), markersize=4.5, linewidth=1.8)
        best = next(p for p in points if p.size == found.recommended)
        axes.plot(
            [best.size], [best.flops_per_byte / 1e6], linestyle="", marker="o",
            markersize=13, markerfacecolor="none", markeredgecolor=color_of(i),
        )  # fmt: skip
    axes.set_xscale("log")
    plain_log_ticks(axes, sizes)
    axes.set_xlabel("vocabulary size (ids); the ring marks the recommended one")
    axes.set_ylabel("million operations a byte")
    axes.grid(color=GRID, linewidth=0.8)
    title = "Operations for a byte of text against vocabulary size"
    return Plot(figure, "sweep", title, tuple(names))
