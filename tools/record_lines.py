"""A table of a record as lines: one for each value of a column, over two others.

Plain SVG, the same bytes on every machine. Lines of many points have a colour each; single points
are marks with their names.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Any

from tools.record_figure import Scale, text

WIDTH, HEIGHT, BOTTOM, TOP, LEGEND = 760, 470, 44, 28, 170
COLORS = ("#c2410c", "#0f766e", "#1d4ed8", "#7e22ce", "#a16207", "#be185d", "#374151", "#15803d",
          "#0369a1", "#9f1239")  # fmt: skip
Point = tuple[float, float]


def lines(table: dict[str, Any]) -> str:
    """The SVG of a table that says how it is drawn."""
    said = table["lines"]
    series = _series(table)
    points = [point for each in series.values() for point in each]
    across = Scale.over([math.log2(x) for x, _ in points], left=64, right=WIDTH - LEGEND)
    up = Scale.over([y for _, y in points], left=HEIGHT - BOTTOM, right=TOP)
    parts = [text(8, 18, said["y"], "start"), _axes(across, up)]
    parts.append(text((64 + WIDTH - LEGEND) / 2, HEIGHT - 8, said["x"], "middle"))
    drawn = {name: each for name, each in series.items() if len(each) > 1}
    for at, (name, each) in enumerate(drawn.items()):
        color = COLORS[at % len(COLORS)]
        dash = "" if at < len(COLORS) else ' stroke-dasharray="5 3"'
        path = " ".join(f"{across(math.log2(x)):.1f},{up(y):.1f}" for x, y in each)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{color}"{dash}/>')
        parts += [_dot(across(math.log2(x)), up(y), color) for x, y in each]
        y = TOP + 8 + 18 * at
        parts.append(_dot(WIDTH - LEGEND + 14, y - 4, color))
        parts.append(text(WIDTH - LEGEND + 24, y, name, "start"))
    for name, each in series.items():
        if name not in drawn:
            x, y = across(math.log2(each[0][0])), up(each[0][1])
            parts += [_dot(x, y, "#1c1b19"), text(x + 5, y - 3, name, "start", 'font-size="9"')]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" font-family="sans-serif" font-size="12" fill="#1c1b19" role="img">\n'
        f"<title>{escape(table['title'])}</title>\n"
        '<rect width="100%" height="100%" fill="white"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _series(table: dict[str, Any]) -> dict[str, list[Point]]:
    """Points of each line, from left to right; rows without figures are left out."""
    by, x, y = (table["columns"].index(table["lines"][each]) for each in ("by", "x", "y"))
    found: dict[str, list[Point]] = {}
    for row in table["rows"]:
        if row[x] and row[y] is not None:
            found.setdefault(str(row[by]), []).append((row[x], row[y]))
    return {name: sorted(each) for name, each in found.items()}


def _axes(across: Scale, up: Scale) -> str:
    parts: list[str] = []
    for power in range(math.ceil(across.low), math.floor(across.high) + 1):
        x = across(power)
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" {_GRID}/>')
        parts.append(text(x, HEIGHT - BOTTOM + 16, f"{2**power:,}", "middle"))
    for value in up.ticks():
        y = up(value)
        parts.append(f'<line x1="64" x2="{WIDTH - LEGEND}" y1="{y:.1f}" y2="{y:.1f}" {_GRID}/>')
        parts.append(text(58, y + 4, f"{value:.4g}", "end"))
    return "\n".join(parts)


_GRID = 'stroke="#e7e3da"'


def _dot(x: float, y: float, color: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{color}"/>'


def drawn_tables(tables: Sequence[dict[str, Any]]) -> dict[int, str]:
    """SVGs of the tables that say how they are drawn, by their place."""
    return {at: lines(each) for at, each in enumerate(tables) if each.get("lines")}
