"""Write what the docs say of metrics from the entries in `tokenry.measuring.registry`.

`python tools/generate_metrics.py` writes the sections between the marks in docs/card.md and
docs/study.md, `--check` says whether they are up to date.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from tokenry.measuring.metric import Metric
from tokenry.measuring.registry import metrics_of

DOCS = Path(__file__).parents[1] / "docs"
BEGIN = "<!-- metrics: written by tools/generate_metrics.py -->\n"
END = "<!-- end of metrics -->\n"
SECTION = re.compile(f"(?<={re.escape(BEGIN)}).*?(?={re.escape(END)})", re.DOTALL)


def table() -> str:
    """Every metric of a card: a row each."""
    heads = ("metric", "name", "unit", "better", "needs", "what it is", "source")
    rows = [heads, ("---",) * len(heads), *map(row, metrics_of("card"))]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in rows)


def row(metric: Metric) -> tuple[str, ...]:
    """The cells of one metric."""
    cells = (metric.better, metric.needs, metric.doc, metric.source)
    filled = (escaped(cell) or "–" for cell in cells)
    return escaped(metric.label), f"`{metric.name}`", escaped(metric.unit), *filled


def escaped(text: str) -> str:
    """A text in a cell of a Markdown table."""
    return text.replace("|", "\\|")


def definitions() -> str:
    """Every metric of a study: an item each."""
    return "".join(f"- **{metric.label}**: {metric.doc}\n" for metric in metrics_of("study"))


PAGES: dict[str, Callable[[], str]] = {"card.md": table, "study.md": definitions}


def main() -> int:
    """Write the sections, or check them."""
    stale = []
    for name, write in PAGES.items():
        page = DOCS / name
        text = page.read_text(encoding="utf-8")
        section = write()
        fresh, count = SECTION.subn(lambda _, section=section: section, text)
        if count != 1:
            raise SystemExit(f"docs/{name} has {count} sections of metrics; expected one")
        if fresh != text:
            stale.append(f"docs/{name}")
            if "--check" not in sys.argv[1:]:
                page.write_text(fresh, encoding="utf-8")
    if stale and "--check" in sys.argv[1:]:
        print(f"{', '.join(stale)}: out of date; run: python tools/generate_metrics.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
