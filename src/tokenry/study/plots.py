"""The plots of the report of a study."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tokenry.drawing.canvas import GRID, INK, canvas, clip, color_of, dot, marker_of, svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def domain_plot(study: dict[str, Any]) -> str:
    """Bytes per token by domain, with intervals: one row a domain, one mark a tokenizer."""
    tokenizers = study["tokenizers"]
    domains = list(tokenizers[0]["domains"])
    figure, axes = canvas(0.9 + max(0.62, 0.17 * len(tokenizers)) * len(domains))
    step = 0.72 / max(1, len(tokenizers))
    for i, each in enumerate(tokenizers):
        shift = (i - (len(tokenizers) - 1) / 2) * step
        for row, domain in enumerate(domains):
            dot(axes, each["domains"][domain]["bytes_per_token"], row + shift, i)
    for row in range(1, len(domains)):
        axes.axhline(row - 0.5, color=GRID, linewidth=0.8)
    axes.set_yticks(range(len(domains)), labels=[clip(domain) for domain in domains])
    axes.set_ylim(len(domains) - 0.5, -0.5)
    axes.set_xlabel("bytes per token (more is better)")
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    return svg(figure, "domains", "Bytes per token by domain with 95% intervals")


def curve_plot(study: dict[str, Any]) -> str:
    """Bytes per token by vocabulary size: nested vocabularies as lines, references as marks."""
    figure, axes = canvas(3.9)
    for i, each in enumerate(study["tokenizers"]):
        points = study["curves"].get(each["name"])
        color, marker = color_of(i), marker_of(i)
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
    return svg(figure, "curve", "Bytes per token against vocabulary size")


def premium_plot(study: dict[str, Any]) -> str:
    """Premium by language: a bar for the winner, a mark for each other tokenizer."""
    found = study["premiums"]
    winner = study["winner"]["name"]
    rows = found["by_tokenizer"][winner]["premiums"]
    labels = [found["labels"].get(row["language"], row["language"]) for row in rows]
    figure, axes = canvas(0.8 + 0.205 * len(rows))
    order = {row["language"]: place for place, row in enumerate(rows)}
    for i, each in enumerate(study["tokenizers"]):
        color = color_of(i)
        premiums = found["by_tokenizer"][each["name"]]["premiums"]
        places = [order[row["language"]] for row in premiums]
        values = [row["value"] for row in premiums]
        if each["name"] == winner:
            axes.barh(places, values, color=color, alpha=0.32, height=0.72, linewidth=0)
        axes.plot(
            values,
            places,
            linestyle="",
            marker=marker_of(i),
            markersize=4.6,
            color=color,
        )
    axes.axvline(1, color=INK, linewidth=1)
    axes.set_yticks(range(len(rows)), labels=[clip(label) for label in labels], fontsize=8.5)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(left=0)
    reference = found["labels"].get(found["reference"], found["reference"])
    axes.set_xlabel(f"tokens for one token of {reference} (1 = the same price)")
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    return svg(figure, "premiums", "Premium by language on parallel text")


def rank_plot(study: dict[str, Any]) -> str:
    """Share of tokens by frequency rank, both axes logarithmic."""
    figure, axes = canvas(3.7)
    for i, each in enumerate(study["tokenizers"]):
        found = each["rank_frequency"]
        axes.plot(found["ranks"], found["shares"], color=color_of(i), linewidth=1.9)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("frequency rank of the id")
    axes.set_ylabel("share of tokens")
    axes.grid(color=GRID, linewidth=0.8)
    return svg(figure, "ranks", "Share of tokens by frequency rank")


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
