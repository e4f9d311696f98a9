"""The figure of a record: each effect that was judged, with its interval, on each draw of data.

Plain SVG, the same bytes on every machine; a page shows it as an image, so colours are its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

WIDTH, LEFT, RIGHT, ROW, HEAD, AXIS = 760, 250, 24, 24, 26, 34
COLORS = ("#c2410c", "#0f766e")  # of the first and the second draw
VERDICTS = {
    "holds": "#15803d",
    "holds in direction": "#4d7c0f",
    "undecided here": "#a16207",
    "does not hold here": "#b91c1c",
}
LONGEST = 88  # letters of a statement above its panel
Effect = dict[str, float | None]


def figure(record: dict[str, Any], stands: Sequence[tuple[dict[str, Any], Any, str]]) -> str:
    """The SVG of a record.

    Args:
        record: its content.
        stands: each check, the same check on the second draw if there was one, what stands.
    """
    parts: list[str] = []
    top = 8
    for first, second, verdict in stands:
        panel, height = _panel(first, second, verdict, top)
        parts += panel
        top += height + 10
    title = escape(f"{record['id']} {record['name']}: effects with 95% intervals")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" '
        f'height="{top}" font-family="sans-serif" font-size="12" fill="#1c1b19" role="img">\n'
        f'<title>{title}</title>\n<rect width="100%" height="100%" fill="white"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _panel(first: dict[str, Any], second: Any, verdict: str, top: int) -> tuple[list[str], int]:
    said = first["statement"]
    said = said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"
    parts = [
        f'<circle cx="14" cy="{top + 12}" r="5" fill="{VERDICTS[verdict]}"/>',
        text(26, top + 16, f"{verdict}: {said}", "start", 'font-weight="600"'),
    ]
    if not first["effects"]:
        return parts, HEAD
    rows = _rows(first, second)
    marks = _marks(first)
    scale = Scale.over([*(end for _, _, each in rows for end in _ends(each)), *marks.values()])
    bottom = top + HEAD + ROW * len(rows)
    for name, value in marks.items():
        x = scale(value)
        dash = "" if name == "none" else ' stroke-dasharray="4 3"'
        line = f'x1="{x:.1f}" x2="{x:.1f}" y1="{top + HEAD}" y2="{bottom}"'
        parts.append(f'<line {line} stroke="#8a857b"{dash}/>')
        if name != "none":  # the tick of 0 says it
            parts.append(text(x, bottom + 28, name, "middle", 'font-size="10" fill="#6b675f"'))
    for place in scale.ticks():
        label = f"{place:.4g}"
        parts.append(text(scale(place), bottom + 14, label, "middle", 'font-size="10"'))
    for at, (name, draw, effect) in enumerate(rows):
        parts += _row(name, draw, effect, scale, top + HEAD + ROW * at + ROW // 2)
    return parts, HEAD + ROW * len(rows) + AXIS


def _rows(first: dict[str, Any], second: Any) -> list[tuple[str, int, Effect]]:
    """Name, draw and effect of each row; an effect of both draws stands one below the other."""
    draws = [each for each in (first, second) if each is not None]
    names = list(dict.fromkeys(name for each in draws for name in each["effects"]))
    rows = [
        (name, at, each["effects"][name])
        for name in names
        for at, each in enumerate(draws)
        if name in each["effects"]
    ]
    over = [("over all", at, each["overall"]) for at, each in enumerate(draws) if each["overall"]]
    return rows + over


def _marks(check: dict[str, Any]) -> dict[str, float]:
    if check["bound"] is not None:
        loose = {"loose bound": check["loose"]} if check["loose"] is not None else {}
        return {"bound": check["bound"], **loose}
    claimed = {"claimed": check["claimed"]} if check["claimed"] != check["matters"] else {}
    return {"none": 0.0, "matters": check["matters"], **claimed}


def _ends(effect: Effect) -> list[float]:
    return [each for each in (effect["value"], effect["low"], effect["high"]) if each is not None]


def _row(name: str, draw: int, effect: Effect, scale: Scale, y: int) -> Iterator[str]:
    color, value = COLORS[draw], effect["value"]
    if draw == 0:
        yield text(LEFT - 12, y + 4, name if len(name) < 38 else name[:36] + "…", "end")
    low, high = effect["low"], effect["high"]
    start = scale.left if low is None else scale(low)
    end = scale.right if high is None else scale(high)
    dash = ' stroke-dasharray="2 4"' if low is None or high is None else ""
    yield (
        f'<line x1="{start:.1f}" x2="{end:.1f}" y1="{y}" y2="{y}" stroke="{color}" '
        f'stroke-width="2"{dash}/>'
    )
    if value is not None:
        yield f'<circle cx="{scale(value):.1f}" cy="{y}" r="4" fill="{color}"/>'


def text(x: float, y: float, said: str, anchor: str, more: str = "") -> str:
    """A line of text at a place."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {more}>{escape(said)}</text>'


class Scale:
    """Values to places from ``left`` to ``right``, with room at both ends."""

    def __init__(self, low: float, high: float, left: float, right: float) -> None:
        room = (high - low) * 0.06 or 1.0
        self.low, self.high, self.left, self.right = low - room, high + room, left, right

    @classmethod
    def over(
        cls, values: Sequence[float], left: float = LEFT, right: float = WIDTH - RIGHT
    ) -> Scale:
        """That has room for all values."""
        return cls(min(values), max(values), left, right)

    def __call__(self, value: float) -> float:
        """The place of a value."""
        share = (value - self.low) / (self.high - self.low)
        return self.left + share * (self.right - self.left)

    def ticks(self) -> list[float]:
        """Round numbers, about five."""
        raw = (self.high - self.low) / 5
        base = 10.0 ** math.floor(math.log10(raw))
        step = next(base * factor for factor in (1, 2, 5, 10) if base * factor >= raw)
        first, last = math.ceil(self.low / step), math.floor(self.high / step)
        return [at * step for at in range(first, last + 1)]
