"""Put the figures of the last run into the README and docs: `python -m benchmarks.readme`."""

from __future__ import annotations

import json
import re
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.report import RESULTS, summary, table
from benchmarks.result import OURS, Case

README = Path("README.md")
ALL = Path("docs/benchmarks.md")
MARKS = re.compile(r"(<!-- figures: .*? -->\n).*?(<!-- end of figures -->)", re.DOTALL)
ENCODING = {"encode_warm": "seen before", "encode_stream": "never seen"}
RIVALS = ("tiktoken", "gigatoken", "fastokens")
# Races of which the README shows these cases; an empty name stands for all.
SHOWN = {
    "unique_words": "o200k",
    "decode": "o200k",
    "long_pretoken": "o200k 300k random letters",
    "families": "english, never seen",
    "threads": "",
    "load": "",
    "memory": "2000 MB",
    "learn_bpe": "",
    "learn_superbpe": "",
}


def figures(record: dict[str, Any]) -> str:
    """The README's section: what was measured on what, and two tables."""
    cases = [Case.from_json(each) for each in record["cases"]]
    machine, versions = record["machine"], record["versions"]
    rivals = ", ".join(f"{name} {versions[name]}" for name in versions if name in _shown(cases))
    head = (
        f"Measured {record['date'][:10]} on {machine['processor']} ({machine['cores']} cores, "
        f"{machine['simd']}), Python {machine['python']}, against {rivals}. MB/s of one core, CPU "
        "time, arrays out (lists from tiktoken, which is faster so), equal ids; in brackets how "
        "many times faster Tokenry is. [All figures](docs/benchmarks.md), also those where others "
        "are ahead.\n"
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
    """The cases of SHOWN, engines in words."""
    lines = ["| | unit | Tokenry | others |", "| --- | --- | --- | --- |"]
    for case in cases:
        if OURS not in case.engines or SHOWN.get(case.race, "-") not in case.name:
            continue
        others = [
            f"{name} {_figure(each.median)}" for name, each in case.engines.items() if name != OURS
        ]
        ours = _figure(case.engines[OURS].median)
        label = f"{case.race.replace('_', ' ')}: {case.name}"
        lines.append(f"| {label} | {case.unit} | **{ours}** | {', '.join(others)} |")
    return "\n".join(lines)


def page(record: dict[str, Any]) -> str:
    """Every table of the run, as `make bench` printed it."""
    cases = [Case.from_json(each) for each in record["cases"]]
    return (
        "# Benchmarks\n\nThe tables that `make bench` printed on "
        f"{record['date'][:10]}; written by `python -m benchmarks.readme`. In brackets: how many "
        "times better Tokenry is; below 1, the other is ahead. ± is half the range of the runs. "
        "How it is measured: [performance](performance.md).\n\n"
        f"![all races](../benchmarks/results/latest.svg)\n{summary(cases)}{table(cases).rstrip()}\n"
    )


def main() -> None:
    """Rewrite the part of the README between the two marks, and the page of all figures."""
    record = json.loads((RESULTS / "latest.json").read_text(encoding="utf-8"))
    text = README.read_text(encoding="utf-8")
    fresh = MARKS.sub(lambda match: match[1] + figures(record) + match[2], text)
    README.write_text(fresh, encoding="utf-8")
    ALL.write_text(page(record), encoding="utf-8")


if __name__ == "__main__":
    main()
