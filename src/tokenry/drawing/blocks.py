"""Parts of a report: tables, figures, legends. Text that comes in is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from tokenry.drawing.canvas import series_color, series_shape
from tokenry.drawing.style import CSS


def document(title: str, body: str, extra_style: str = "") -> str:
    """A whole page; ``body`` is HTML already."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)}</title>\n<style>{CSS}{extra_style}</style>\n</head>\n<body>\n"
        f"<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def figure(title: str, svg: str, caption: str, names: Sequence[str]) -> str:
    """A section with a drawing; ``svg`` and ``caption`` are HTML already."""
    return (
        f"<section><h2>{title}</h2>{legend(names)}<figure>{svg}"
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


def interval_cell(figure: dict[str, Any], digits: int, share: bool) -> str:
    """A measurement in a cell of a table, its interval small below it."""
    if figure["value"] is None:
        return "<td>–</td>"
    form = f",.{digits}{'%' if share else 'f'}"
    interval = figure["interval"]
    text = format(figure["value"], form)
    if interval is None or figure["value"] == 1:
        return f"<td>{text}</td>"
    low, high = format(interval["low"], form), format(interval["high"], form)
    return f"<td>{text}<small>{low}–{high}</small></td>"


def table(heads: Sequence[str], rows: Iterable[str]) -> str:
    """A table; ``rows`` are the ``<tr>`` elements as HTML, ``heads`` plain text."""
    drawn = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    return (
        f'<div class="wide"><table><thead><tr>{drawn}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def row(head: str, cells: Iterable[str], *, position: int | None = None, note: str = "") -> str:
    """A row of plain texts, the first of them its head; ``position`` puts a mark before it."""
    mark = "" if position is None else swatch(position)
    small = f"<small>{escape(note)}</small>" if note else ""
    drawn = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return f'<tr><th scope="row">{mark}{escape(head)}{small}</th>{drawn}</tr>'


def section(title: str, *parts: str) -> str:
    """A section; ``parts`` are HTML already."""
    return f"<section><h2>{escape(title)}</h2>{''.join(parts)}</section>"


def note(text: str) -> str:
    """A remark in small print."""
    return f'<p class="note">{escape(text)}</p>'


def size_text(count: int) -> str:
    """Bytes for people."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.1f} kB"
