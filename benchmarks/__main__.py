"""Run races and print their tables: `python -m benchmarks [RACE...] [--quick] [--data DIR]`."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from pathlib import Path
from typing import Any

from benchmarks import census, child, report
from benchmarks.races import ORDER
from benchmarks.result import Case, Settings


def one(race: str, data: str | None, quick: bool) -> list[dict[str, Any]]:
    """Run one race in this process."""
    cases = importlib.import_module(f"benchmarks.races.{race}").run(Settings(data, quick))
    return [case.to_json() for case in cases]


def main(arguments: list[str] | None = None) -> int:
    """Run each race in a process of its own; 1 where a goal is missed or a race fails."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("races", nargs="*", metavar="RACE", help=f"of {', '.join(ORDER)}")
    parser.add_argument("--quick", action="store_true", help="less text, fewer rounds")
    parser.add_argument("--data", default=os.environ.get("TOKENRY_DATA"), help="shared data folder")
    parser.add_argument("--json", type=Path, help="results file [benchmarks/results/latest.json]")
    words = sys.argv[1:] if arguments is None else arguments
    if words[:1] == ["census"]:
        return census.main(words[1:])
    given = parser.parse_args(arguments)
    unknown = [race for race in given.races if race not in ORDER]
    if unknown:
        parser.error(f"no race is called {', '.join(unknown)}; there are {', '.join(ORDER)}")
    settings = Settings(given.data, given.quick)
    for line in report.lacking(settings):
        print(f"note: {line}")
    cases, failed = _run(given.races or list(ORDER), settings)
    print(report.summary(cases), flush=True)
    path = report.write(cases, settings, given.json)
    print(f"\nresults: {path}; machine: {report.machine()['processor']}")
    missed = [case for case in cases if case.met() is False]
    if missed:
        print(f"missed {len(missed)} of {sum(case.goal is not None for case in cases)} goals")
    return 1 if missed or failed else 0


def _run(races: list[str], settings: Settings) -> tuple[list[Case], list[str]]:
    cases: list[Case] = []
    failed = []
    for race in races:
        try:
            found = child.call("benchmarks.__main__", "one", race, settings.data, settings.quick)
        except RuntimeError as error:
            failed.append(race)
            print(f"\n### {race}\n\nfailed: {error}", file=sys.stderr)
            continue
        done = [Case.from_json(each) for each in found]
        print(report.table(done), flush=True)
        cases += done
    return cases, failed


if __name__ == "__main__":
    sys.exit(main())
