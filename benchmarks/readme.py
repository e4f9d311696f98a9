"""Put the figures of the last runs into the README and docs: `python -m benchmarks.readme`.

`--json benchmarks/results/avx2.json` is where the run goes whose vector path is AVX2, of the races
that ask for one.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from benchmarks.report import RESULTS, summary, table
from benchmarks.result import OURS, Case

README = Path("README.md")
# Each page by the results that it shows.
PAGES = {"latest": Path("docs/benchmarks.md"), "avx2": Path("docs/benchmarks-avx2.md")}
HEADS = {"latest": "Benchmarks", "avx2": "Benchmarks on AVX2"}
MARKS = re.compile(r"(<!-- figures: .*? -->\n).*?(<!-- end of figures -->)", re.DOTALL)
# The ten cases of the README: race, case, what to call it.
SHOWN = (
    ("encode_warm", "o200k english", "o200k, English seen before"),
    ("encode_stream", "o200k english", "o200k, English never seen"),
    ("encode_stream", "o200k code", "o200k, code never seen"),
    ("encode_stream", "o200k multilingual", "o200k, 63 languages never seen"),
    ("encode_stream", "o200k chinese", "o200k, Chinese never seen"),
    ("families", "Unigram (.model) english, never seen", "Unigram `.model`, never seen"),
    ("families", "WordPiece (bert) english, never seen", "BERT's WordPiece, never seen"),
    ("decode", "o200k english", "o200k, decoding"),
    ("load", "o200k load and first call", "o200k, loading and a first call"),
    ("learn_bpe", "32k from 80 MB, CPU time", "learning 32,000 pieces from 80 MB"),
)


def figures(record: dict[str, Any]) -> str:
    """The README's section: what was measured on what, and one table."""
    cases = {(case.race, case.name): case for case in map(Case.from_json, record["cases"])}
    shown = [(label, cases[race, name]) for race, name, label in SHOWN]
    machine, versions = record["machine"], record["versions"]
    engines = {name for _, case in shown for name in case.engines if name != OURS}
    rivals = ", ".join(f"{name} {versions[name]}" for name in versions if name in engines)
    head = (
        f"Measured {record['date'][:10]} on {machine['processor']} ({machine['cores']} cores, "
        f"{machine['simd']}), Python {machine['python']}, against {rivals}: one core, CPU time, "
        "equal ids; in brackets how many times better Tokenry is. "
        "[All figures](docs/benchmarks.md), also those where others are ahead.\n"
    )
    rows = ["| | unit | Tokenry | others |", "| --- | --- | --- | --- |"]
    return "\n".join([head, *rows, *(_row(label, case) for label, case in shown), ""])


def _row(label: str, case: Case) -> str:
    others = [
        f"{name} {_figure(each.median)} ({case.ratio(name) or 0:.1f}x)"
        for name, each in case.engines.items()
        if name != OURS
    ]
    ours = _figure(case.engines[OURS].median)
    return f"| {label} | {case.unit} | **{ours}** | {', '.join(others)} |"


def _figure(value: float) -> str:
    return f"{value:.0f}" if value >= 20 else f"{value:.1f}"


def page(record: dict[str, Any], name: str) -> str:
    """Every table of a run, as `make bench` printed it."""
    cases = [Case.from_json(each) for each in record["cases"]]
    machine = record["machine"]
    others = (f"[{HEADS[each]}]({path.name})" for each, path in PAGES.items() if each != name)
    return (
        f"# {HEADS[name]}\n\nThe tables that `make bench` printed on {record['date'][:10]} on "
        f"{machine['processor']} ({machine['cores']} cores, {machine['simd']}); written by "
        "`python -m benchmarks.readme`. In brackets: how many "
        "times better Tokenry is; below 1, the other is ahead. ± is half the range of the runs. "
        f"How it is measured: [performance](performance.md). See also: {', '.join(others)}.\n\n"
        f"![all races](../benchmarks/results/{name}.svg)\n{summary(cases)}{table(cases).rstrip()}\n"
    )


def main() -> None:
    """Rewrite the part of the README between the two marks, and the pages of all figures."""
    records = {name: json.loads((RESULTS / f"{name}.json").read_text("utf-8")) for name in PAGES}
    text = README.read_text(encoding="utf-8")
    fresh = MARKS.sub(lambda match: match[1] + figures(records["latest"]) + match[2], text)
    README.write_text(fresh, encoding="utf-8")
    for name, path in PAGES.items():
        path.write_text(page(records[name], name), encoding="utf-8")


if __name__ == "__main__":
    main()
