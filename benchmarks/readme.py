"""Put the figures of the last run into the README: `python -m benchmarks.readme`."""

from __future__ import annotations

import json
import re
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.report import RESULTS
from benchmarks.result import OURS, Case

README = Path("README.md")
MARKS = re.compile(r"(<!-- figures: .*? -->\n).*?(<!-- end of figures -->)", re.DOTALL)
ENCODING = {"encode_warm": "seen before", "encode_stream": "never seen"}
RIVALS = ("tiktoken", "gigatoken", "fastokens")


def figures(record: dict[str, Any]) -> str:
    """The README's section: what was measured on what, and two tables."""
    cases = [Case.from_json(each) for each in record["cases"]]
    machine, versions = record["machine"], record["versions"]
    rivals = ", ".join(f"{name} {versions[name]}" for name in versions if name in _shown(cases))
    head = (
        f"Measured {record['date'][:10]} on {machine['processor']} ({machine['cores']} cores, "
        f"{machine['simd']}), Python {machine['python']}, against {rivals}. MB/s of one core, CPU "
        "time, arrays out, equal ids; in brackets how many times faster Tokenry is.\n"
    )
    return "\n".join([head, _encoding(cases), "", _others(cases), ""])


def _shown(cases: list[Case]) -> set[str]:
    return {name for case in cases for name in case.engines if name != OURS}


def _encoding(cases: list[Case]) -> str:
    lines = [f"| encode | Tokenry | {' | '.join(RIVALS)} |", "| --- " * (len(RIVALS) + 2) + "|"]
    for race, rows in groupby(cases, lambda case: case.race):
        if race in ENCODING:
            lines += [_row(case, f"{case.name}, {ENCODING[race]}", RIVALS) for case in rows]
    return "\n".join(lines)


def _row(case: Case, label: str, rivals: tuple[str, ...]) -> str:
    cells = [f"**{_figure(case.engines[OURS].median)}**"]
    for name in rivals:
        given, ratio = case.engines.get(name), case.ratio(name)
        cells.append(f"{_figure(given.median)} ({ratio:.1f}x)" if given and ratio else "")
    return f"| {label} | " + " | ".join(cells) + " |"


def _figure(value: float) -> str:
    return f"{value:.0f}" if value >= 20 else f"{value:.1f}"


def _others(cases: list[Case]) -> str:
    """Every other race with a goal or one summary row, engines in words."""
    lines = ["| | unit | Tokenry | others |", "| --- | --- | --- | --- |"]
    for case in cases:
        if case.race in ENCODING or OURS not in case.engines or case.race in ("spans", "count"):
            continue
        others = [
            f"{name} {_figure(each.median)}" for name, each in case.engines.items() if name != OURS
        ]
        ours = _figure(case.engines[OURS].median)
        label = f"{case.race.replace('_', ' ')}: {case.name}"
        lines.append(f"| {label} | {case.unit} | **{ours}** | {', '.join(others)} |")
    return "\n".join(lines)


def main() -> None:
    """Rewrite the part of the README between the two marks."""
    record = json.loads((RESULTS / "latest.json").read_text(encoding="utf-8"))
    text = README.read_text(encoding="utf-8")
    fresh = MARKS.sub(lambda match: match[1] + figures(record) + match[2], text)
    README.write_text(fresh, encoding="utf-8")


if __name__ == "__main__":
    main()
