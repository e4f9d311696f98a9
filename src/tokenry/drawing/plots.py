"""Plots that several reports show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tokenry.drawing.canvas import GRID, INK, canvas, clip, color_of, dot, marker_of
from tokenry.drawing.plot import Plot
from tokenry.measuring.fairness import Premium
from tokenry.measuring.measurement import Measurement
from tokenry.measuring.metric import Metric
from tokenry.measuring.rank_frequency import RankFrequency


def domain_plot(
    metric: Metric, names: Sequence[str], rows: Sequence[Mapping[str, Measurement]]
) -> Plot:
    """A figure by domain, with intervals: one row a domain, one mark a tokenizer.

    Args:
        metric: whose figure it is.
        names: of the tokenizers.
        rows: by tokenizer, the figure of each domain; all have the same domains.
    """
    domains = list(rows[0])
    figure, axes = canvas(0.9 + max(0.62, 0.17 * len(rows)) * len(domains))
    step = 0.72 / max(1, len(rows))
    for i, found in enumerate(rows):
        shift = (i - (len(rows) - 1) / 2) * step
        for row, domain in enumerate(domains):
            dot(axes, found[domain], row + shift, i)
    for row in range(1, len(domains)):
        axes.axhline(row - 0.5, color=GRID, linewidth=0.8)
    axes.set_yticks(range(len(domains)), labels=[clip(domain) for domain in domains])
    axes.set_ylim(len(domains) - 0.5, -0.5)
    axes.set_xlabel(metric.axis)
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    title = f"{metric.title} by domain with 95% intervals"
    return Plot(figure, "domains", title, tuple(names))


def premium_plot(
    premiums: Mapping[str, Sequence[Premium]],
    labels: Mapping[str, str],
    reference: str,
    lead: str,
) -> Plot:
    """Premium by language: a bar for the tokenizer ``lead``, a mark for each other one.

    Args:
        premiums: by name of the tokenizer; languages that ``lead`` has none of are not drawn.
        labels: what to call languages.
        reference: the language that costs 1.
        lead: sets the order of the languages.
    """
    rows = premiums[lead]
    order = {row.language: place for place, row in enumerate(rows)}
    figure, axes = canvas(0.8 + 0.205 * len(rows))
    for i, (name, found) in enumerate(premiums.items()):
        shown = [row for row in found if row.language in order]
        places = [order[row.language] for row in shown]
        values = [row.value for row in shown]
        if name == lead:
            axes.barh(places, values, color=color_of(i), alpha=0.32, height=0.72, linewidth=0)
        style: dict[str, Any] = {"marker": marker_of(i), "color": color_of(i)}
        axes.plot(values, places, linestyle="", markersize=4.6, **style)
    axes.axvline(1, color=INK, linewidth=1)
    names = [clip(labels.get(row.language, row.language)) for row in rows]
    axes.set_yticks(range(len(rows)), labels=names, fontsize=8.5)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(left=0)
    cheapest = labels.get(reference, reference)
    axes.set_xlabel(f"tokens for one token of {cheapest} (1 = the same price)")
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    return Plot(figure, "premiums", "Premium by language on parallel text", tuple(premiums))


def rank_plot(names: Sequence[str], rows: Sequence[RankFrequency]) -> Plot:
    """Share of tokens by frequency rank, both axes logarithmic; one line a tokenizer."""
    figure, axes = canvas(3.7)
    for i, found in enumerate(rows):
        axes.plot(found.ranks, found.shares, color=color_of(i), linewidth=1.9)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("frequency rank of the id")
    axes.set_ylabel("share of tokens")
    axes.grid(color=GRID, linewidth=0.8)
    return Plot(figure, "ranks", "Share of tokens by frequency rank", tuple(names))
