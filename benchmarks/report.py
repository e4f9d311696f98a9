"""The table, the results file and the plot."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.result import OURS, Case, Settings
from benchmarks.rivals import PACKAGES, versions
from tokenry.environment import processor

RESULTS = Path("benchmarks/results")


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "simd": _simd(),
    }


def _simd() -> str:
    from tokenry import _native

    return str(_native.simd())


def lacking(settings: Settings) -> list[str]:
    """What this run could not include, in words."""
    lines = []
    if settings.data is None:
        lines.append(
            "no shared data (--data DIR or TOKENRY_DATA): the text is what Python installations "
            "bundle, and the vocabularies are learnt here instead of o200k, cl100k and gpt2"
        )
    missing = [name for name in PACKAGES if name not in versions()]
    if missing:
        lines.append(f"not installed, so not raced: {', '.join(missing)}")
    if settings.quick:
        lines.append("a quick run: a quarter of the text and three rounds; not for publishing")
    return lines


def table(cases: Iterable[Case]) -> str:
    """Markdown, one table a race; in brackets how many times better we are."""
    return "\n".join(_race(name, list(rows)) for name, rows in groupby(cases, lambda c: c.race))


def summary(cases: Iterable[Case]) -> str:
    """Markdown: each goal, how many of its cases meet it, and the case that is worst."""
    goals: dict[tuple[str, str], list[Case]] = {}
    for case in cases:
        if case.goal is not None:
            goals.setdefault((case.race, case.goal.text), []).append(case)
    head = ["race", "must be", "met", "worst case", "there", "", "of the goal"]
    lines = [head, ["---"] * len(head)]
    lines += [_summary_row(race, text, each) for (race, text), each in goals.items()]
    body = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    return f"\n### goals\n\n{body}\n"


def _summary_row(race: str, goal: str, cases: list[Case]) -> list[str]:
    margins = {place: each for place, case in enumerate(cases) if (each := case.margin())}
    if not margins:
        return [race, goal, "not measured", "", "", "", ""]
    worst = min(margins, key=margins.__getitem__)
    case, reached = cases[worst], sum(margin >= 1 for margin in margins.values())
    verdict = f"{'yes' if reached == len(margins) else '**no**'}, {reached} of {len(margins)}"
    ours = f"{_number(case.engines[OURS].median)} {case.unit}"
    ratios = ", ".join(
        f"{ratio:.2f}x {rival}"
        for rival in (case.goal.factors if case.goal else ())
        if (ratio := case.ratio(rival)) is not None
    )
    return [race, goal, verdict, case.name, ours, ratios, f"{margins[worst]:.2f}"]


def _race(name: str, cases: list[Case]) -> str:
    engines = list(dict.fromkeys(engine for case in cases for engine in case.engines))
    goal = any(case.goal for case in cases)
    head = ["case", "unit", *engines, *(["must be", ""] if goal else [])]
    rows = [[case.name, case.unit, *(_cell(case, e) for e in engines), *_goal(case, goal)]
            for case in cases]  # fmt: skip
    lines = [head, ["---"] * len(head), *rows]
    body = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    notes = sorted({case.note for case in cases if case.note})
    return f"\n### {name}\n\n{body}\n" + "".join(f"\n{note}." for note in notes) + "\n"


def _cell(case: Case, engine: str) -> str:
    figure = case.engines.get(engine)
    if figure is None:
        return ""
    spread = f" ±{50 * (figure.high - figure.low) / figure.median:.0f}%" if figure.runs > 1 else ""
    ratio = None if engine == OURS else case.ratio(engine)
    return _number(figure.median) + spread + (f" ({ratio:.2f}x)" if ratio else "")


def _number(value: float) -> str:
    return f"{value:.{0 if value >= 100 else 1 if value >= 10 else 2}f}"


def _goal(case: Case, shown: bool) -> list[str]:
    if not shown:
        return []
    verdict = {True: "yes", False: "**no**", None: ""}[case.met()]
    return [case.goal.text if case.goal else "", verdict]


def write(cases: list[Case], settings: Settings, path: Path | None) -> Path:
    """Write the JSON (and a plot beside it where matplotlib is) and say where."""
    moment = datetime.now(UTC)
    path = path or RESULTS / "latest.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    record = {
        "date": moment.isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": versions(),
        "shared_data": settings.data is not None,
        "quick": settings.quick,
        "lacking": lacking(settings),
        "cases": [case.to_json() for case in cases],
    }
    fresh = path.with_suffix(".tmp")
    fresh.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    fresh.replace(path)
    _plot(cases, path.with_suffix(".svg"))
    return path


def _plot(cases: list[Case], path: Path) -> None:
    shown = [case for case in cases if case.unit == "MB/s" and len(case.engines) > 1]
    if not shown:
        return
    try:
        import matplotlib
    except ImportError:
        return
    matplotlib.use("svg")
    from matplotlib import pyplot

    engines = list(dict.fromkeys(engine for case in shown for engine in case.engines))
    figure, axes = pyplot.subplots(figsize=(8, 0.32 * len(shown) + 1.2))
    for place, engine in enumerate(engines):
        rows = [
            (n, case.engines[engine].median)
            for n, case in enumerate(shown)
            if engine in case.engines
        ]
        marker = "D" if engine == OURS else "o"
        axes.plot(
            [v for _, v in rows],
            [-n for n, _ in rows],
            marker,
            label=engine,
            ms=5,
            color=f"C{place}",
        )
    axes.set_yticks(
        [-n for n in range(len(shown))], [f"{c.race}: {c.name}" for c in shown], fontsize=7
    )
    axes.set_xscale("log")
    axes.set_xlabel(
        "MB/s (10$^6$ bytes of text, CPU time of one core unless the row says otherwise)"
    )
    axes.grid(axis="x", alpha=0.3)
    axes.legend(fontsize=7, loc="lower left", bbox_to_anchor=(0, 1), ncols=len(engines))
    figure.savefig(path, bbox_inches="tight")
    pyplot.close(figure)
