"""report.html of a comparison: one page that needs nothing but itself."""

from __future__ import annotations

from html import escape
from typing import Final

from tokenry.drawing.blocks import document, figure, note, row, section, table
from tokenry.signals.comparing.comparison import CodingComparison, PictureRow, title_of
from tokenry.signals.comparing.plots import curves
from tokenry.signals.comparing.tables import best_of, measures_of, remark
from tokenry.signals.measures.measured import PictureScores
from tokenry.signals.measures.registry import SignalMeasure

STYLE: Final = """
.pictures { display: grid; gap: .9rem 1.1rem; margin: 0 0 1.6rem;
  grid-template-columns: repeat(auto-fill, minmax(8.2rem, 1fr)); }
.pictures figure { padding: .5rem; }
.pictures img { display: block; width: 100%; border-radius: 5px; }
.pictures img.small { image-rendering: pixelated; }
.pictures figcaption { margin: .35rem 0 0; font-size: .74rem; line-height: 1.25;
  overflow-wrap: anywhere; }
.pictures figcaption b { color: var(--ink); font-weight: 600; }
.pictures .original { border-color: var(--accent); }
"""
_PIXELATED: Final = 128  # pixels of a side; smaller pictures are shown pixel by pixel


def render(comparison: CodingComparison, title: str = "Pictures at equal bits") -> str:
    """The whole page. Every text from data or file names is escaped."""
    parts = [
        _header(comparison, title),
        *(
            figure(escape(plot.title), plot, escape(remark(comparison)))
            for plot in curves(comparison)
        ),
        _scores(comparison),
        _side_by_side(comparison),
    ]
    return document(title, "\n".join(part for part in parts if part), STYLE)


def _header(comparison: CodingComparison, title: str) -> str:
    best = [
        (measure, score)
        for measure in measures_of(comparison)
        if (value := best_of(comparison, measure)) is not None
        for score in comparison.scores
        if score.figures.get(measure.name) == value
    ]
    seen: dict[str, tuple[SignalMeasure, PictureScores]] = {}
    for measure, score in best:
        seen.setdefault(measure.name, (measure, score))
    tiles = "".join(
        f'<div class="tile"><b>{escape(m.text(s.figures[m.name]))}</b>'
        f"<span>best {escape(m.label)}</span>"
        f"<small>{escape(title_of(s))}, {s.bits:,.0f} bits</small></div>"
        for m, s in list(seen.values())[:4]
    )
    ways, (height, width) = len(comparison.families), comparison.size
    return (
        f'<header><p class="kicker">Tokenry codec measure</p><h1>{escape(title)}</h1>'
        f'<p class="lead">{ways} way{"s" * (ways != 1)} of coding on the same '
        f"{comparison.pictures:,} pictures of {height} x {width} pixels.</p>"
        f'<div class="tiles">{tiles}</div></header>'
    )


def _scores(comparison: CodingComparison) -> str:
    measures = measures_of(comparison)
    best = {each.name: best_of(comparison, each) for each in measures}
    rows = [
        row(
            score.family,
            [],
            after="".join(_cell(each, score, best[each.name]) for each in measures),
            position=place,
            note=score.setting,
        )
        for place, family in enumerate(comparison.families)
        for score in comparison.of(family)
    ]
    heads = ["way", *(each.label for each in measures)]
    return section("All figures", table(heads, rows), note(remark(comparison)))


def _cell(measure: SignalMeasure, score: PictureScores, best: float | None) -> str:
    value = score.figures.get(measure.name)
    text = escape(measure.text(value))
    return f"<td><b>{text}</b></td>" if value is not None and value == best else f"<td>{text}</td>"


def _side_by_side(comparison: CodingComparison) -> str:
    if not comparison.rows:
        return ""
    bits = {title_of(score): score.bits for score in comparison.scores}
    small = max(comparison.size) <= _PIXELATED
    drawn = "".join(_pictures(each, bits, small) for each in comparison.rows)
    return section("Side by side", drawn)


def _pictures(shown: PictureRow, bits: dict[str, float], small: bool) -> str:
    first = _image(shown.original, f"{shown.name}, original", "<b>original</b>", small, " original")
    others = "".join(
        _image(
            data, f"{shown.name}, {way}",
            f"<b>{escape(way)}</b><br>{bits[way]:,.0f} bits", small, "",
        )
        for way, data in sorted(shown.decoded.items(), key=lambda each: bits[each[0]])
    )  # fmt: skip
    return f'<h3>{escape(shown.name)}</h3><div class="pictures">{first}{others}</div>'


def _image(data: str, alt: str, caption: str, small: bool, kind: str) -> str:
    crisp = ' class="small"' if small else ""
    return (
        f'<figure class="picture{kind}"><img{crisp} src="data:image/png;base64,{data}" '
        f'alt="{escape(alt)}"><figcaption>{caption}</figcaption></figure>'
    )
