"""Load the vocabulary and encode the first text: CPU time and memory, a process for each engine."""

from __future__ import annotations

import time
from pathlib import Path

from benchmarks import child
from benchmarks.corpora import first, text
from benchmarks.result import Case, Goal, Measurement, Settings
from benchmarks.rivals import MAKERS, present
from benchmarks.timing import pin
from benchmarks.vocabularies import Vocabulary, vocabularies

GOAL = Goal("<= gigatoken", ("gigatoken",))
QUICK = Goal("<= 120 ms", limit=120.0)
# Modules come as bytecode, as those of installed packages do, whatever the environment says.
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
FIGURES = (
    ("load", "ms CPU", GOAL),
    ("first call", "ms CPU", None),
    ("load and first call", "ms CPU", GOAL),
    ("memory after load", "MB", GOAL),
    ("memory after 3 MB of text", "MB", GOAL),
)


def run(settings: Settings) -> list[Case]:
    """Each engine loads five times, in a fresh process each; engines take turns."""
    vocabulary = vocabularies(settings.data)[0]
    cases = [
        Case("load", f"{vocabulary.name} {what}", unit, False, goal=goal)
        for what, unit, goal in FIGURES
    ]
    given = (vocabulary.name, str(vocabulary.path), vocabulary.pattern, settings.data)
    names = [name for name in MAKERS if present(name)]
    runs: dict[str, list[list[float]]] = {name: [] for name in names}
    for _ in range(3 if settings.quick else 5):
        for name in names:
            measured = child.call("benchmarks.races.load", "measure", name, *given, env=COMPILED)
            runs[name].append(measured)
    for name in names:
        for case, values in zip(cases, zip(*runs[name], strict=True), strict=True):
            case.engines[name] = Measurement.of(values)
    return cases


def measure(name: str, label: str, path: str, pattern: str, data: str | None) -> list[float]:
    """The FIGURES; importing the package counts as loading."""
    pin()
    vocabulary = Vocabulary(label, Path(path), pattern)
    body = first(text("english", data)[0], 3_000_000)
    empty, begin = child.resident_megabytes(), time.process_time()
    engine = MAKERS[name](vocabulary)
    loaded = time.process_time()
    engine.encode("Hello world")
    called, memory = time.process_time(), child.resident_megabytes()
    engine.encode(body)
    after = child.resident_megabytes()
    load, call = (loaded - begin) * 1e3, (called - loaded) * 1e3
    return [load, call, load + call, memory - empty, after - empty]
