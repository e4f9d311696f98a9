"""The plots of a study, drawn from it alone; one without data is None."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tokenry.drawing.canvas import GRID, canvas, color_of, marker_of, plain_log_ticks
from tokenry.drawing.plot import Plot
from tokenry.drawing.plots import domain_plot, premium_plot, rank_plot
from tokenry.measuring.registry import LEAD
from tokenry.study.content import Study


def study_plots(study: Study) -> Iterator[Plot]:
    """All plots that the study has data for: that of sizes first, which is of all studies."""
    parts = (curve_plot, domains_drawn, premiums_drawn, ranks_drawn)
    return (plot for part in parts if (plot := part(study)) is not None)


def domains_drawn(study: Study) -> Plot | None:
    """The leading figure by domain; None where there is one domain."""
    if not study.tokenizers[0].domains:
        return None
    rows = [
        {name: figures[LEAD.name] for name, figures in each.domains.items()}
        for each in study.tokenizers
    ]
    return domain_plot(LEAD, study.names, rows)


def premiums_drawn(study: Study) -> Plot | None:
    """What each language pays; None without parallel text."""
    found = study.premiums
    if found is None:
        return None
    premiums = {name: found.by_tokenizer[name].premiums for name in study.names}
    return premium_plot(premiums, found.labels, found.reference, study.winner.name)


def ranks_drawn(study: Study) -> Plot:
    """How evenly ids are used."""
    return rank_plot(study.names, [each.rank_frequency for each in study.tokenizers])


def curve_plot(study: Study) -> Plot:
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
    title = f"{LEAD.title} against vocabulary size"
    return Plot(figure, "curve", title, tuple(study.names))
