"""Parts of a report: tables, figures, legends. Text that comes in is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from tokenry.drawing.canvas import series_color, series_shape
from tokenry.drawing.plot import Plot
from tokenry.drawing.style import CSS
from tokenry.measuring.measurement import Measurement
from tokenry.measuring.metric import Figure, Metric, value_of

SHORT_CSS = "main { padding: .4rem; max-width: none; } section { margin: 0; }"
"""What a page has no room for where it stands in a notebook."""


def document(title: str, body: str, extra_style: str = "") -> str:
    """A whole page; ``body`` is HTML already."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)}</title>\n<style>{CSS}{extra_style}</style>\n</head>\n<body>\n"
        f"<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def figure(title: str, plot: Plot, caption: str) -> str:
    """A section with a plot and its legend; ``caption`` is HTML already."""
    return (
        f"<section><h2>{title}</h2>{legend(plot.series)}<figure>{plot.to_html()}"
        f"<figcaption>{caption}</figcaption></figure></section>"
    )


def legend(names: Sequence[str]) -> str:
    """The marks of the tokenizers, in their order."""
    items = "".join(f"<li>{swatch(i)}{escape(name)}</li>" for i, name in enumerate(names))
    return f'<ul class="legend">{items}</ul>'


def swatch(position: int) -> str:
    """The mark of the tokenizer at ``position``."""
    return (
        f'<svg class="swatch" viewBox="-6 -6 12 12" aria-hidden="true">'
        f'<path d="{series_shape(position)}" fill="{series_color(position)}"/></svg>'
    )


def figure_cell(metric: Metric, figure: Figure) -> str:
    """A figure in a cell of a table, its interval small below it."""
    text = metric.text(figure)
    interval = figure.interval if isinstance(figure, Measurement) else None
    if interval is None or value_of(figure) in (None, 1):
        return f"<td>{text}</td>"
    low, high = (format(end, metric.form) for end in (interval.low, interval.high))
    return f"<td>{text}<small>{low}–<wbr>{high}</small></td>"


def figure_cells(metrics: Iterable[Metric], section: Any) -> str:
    """The figures of a section of a report, one cell a metric."""
    return "".join(figure_cell(metric, metric.find(section)) for metric in metrics)


def table(heads: Sequence[str], rows: Iterable[str]) -> str:
    """A table; ``rows`` are the ``<tr>`` elements as HTML, ``heads`` plain text."""
    drawn = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    return (
        f'<div class="wide"><table><thead><tr>{drawn}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def row(
    head: str,
    cells: Iterable[str],
    *,
    before: str = "",
    after: str = "",
    position: int | None = None,
    note: str = "",
    marked: bool = False,
) -> str:
    """A row of a table.

    Args:
        head: its head, plain text.
        cells: plain texts.
        before, after: cells around them, as HTML; see `figure_cells`.
        position: of a tokenizer, whose mark stands before the head.
        note: small below the head.
        marked: whether it stands out from the others.
    """
    mark = "" if position is None else swatch(position)
    small = f"<small>{escape(note)}</small>" if note else ""
    drawn = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    won = ' class="won"' if marked else ""
    return f'<tr{won}><th scope="row">{mark}{escape(head)}{small}</th>{before}{drawn}{after}</tr>'


def section(title: str, *parts: str) -> str:
    """A section; ``parts`` are HTML already."""
    return f"<section><h2>{escape(title)}</h2>{''.join(parts)}</section>"


def note(text: str) -> str:
    """A remark in small print."""
    return f'<p class="note">{escape(text)}</p>'


def size_text(count: int) -> str:
    """Bytes for people."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.1f} kB"
