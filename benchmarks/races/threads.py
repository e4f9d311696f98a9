"""A batch of 2 kB documents on one and on two cores: wall time, a process for each figure.

The last case is what the machine allows: two processes, which share nothing, on a core each.
"""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

from benchmarks import child
from benchmarks.corpora import KINDS, cut, first, text
from benchmarks.result import OURS, Case, Goal, Measurement, Settings
from benchmarks.rivals import MAKERS, present
from benchmarks.timing import pin
from benchmarks.vocabularies import Vocabulary, vocabularies

GOAL = Goal(">= 1.8x", limit=1.8)


def run(settings: Settings) -> list[Case]:
    """The speed on each number of cores and, as the last case, the second over the first."""
    vocabulary = vocabularies(settings.data)[0]
    names = [name for name in MAKERS if present(name)]
    cases = {
        cores: Case("threads", f"{vocabulary.name} batch of 2 kB, {cores} core(s), wall", "MB/s")
        for cores in (1, 2)
    }
    scaling = Case("threads", "two cores over one", "x", goal=GOAL)
    for name in names:
        given = (name, vocabulary.name, str(vocabulary.path), vocabulary.pattern)
        speeds = []
        for cores, case in cases.items():  # one after the other: their speeds are divided
            speeds.append(child.call(
                "benchmarks.races.threads", "measure", *given, cores, settings.data, settings.quick,
                env={"RAYON_NUM_THREADS": str(cores)},
            ))  # fmt: skip
            case.engines[name] = Measurement.of(speeds[-1])
        scaling.engines[name] = Measurement.of(b / a for a, b in zip(*speeds, strict=True))
    return [*cases.values(), scaling, _machine(settings, vocabulary)]


def _machine(settings: Settings, vocabulary: Vocabulary) -> Case:
    """What two processes of ours reach together over one alone."""
    given = (OURS, vocabulary.name, str(vocabulary.path), vocabulary.pattern)

    def together(processes: int) -> list[float]:
        start = time.time() + 4.0  # when both have loaded and encoded once
        with ThreadPoolExecutor(processes) as pool:
            calls = [
                pool.submit(
                    child.call, "benchmarks.races.threads", "measure_beside", *given, core,
                    settings.data, settings.quick, start,
                )
                for core in range(processes)
            ]  # fmt: skip
            return [median(call.result()) for call in calls]

    case = Case("threads", "two processes over one", "x")
    ratios = [sum(together(2)) / together(1)[0] for _ in range(3)]
    case.engines[OURS] = Measurement.of(ratios)
    return case


def measure_beside(
    name: str, label: str, path: str, pattern: str, core: int, data: str | None, quick: bool,
    start: float,
) -> list[float]:  # fmt: skip
    """MB/s of wall time on one core, counted from ``start`` for two seconds."""
    pin(after=core)
    settings = Settings(data, quick)
    engine = MAKERS[name](Vocabulary(label, Path(path), pattern))
    documents = _documents(settings)
    size = sum(len(document.encode()) for document in documents)
    assert engine.batch is not None
    engine.batch(documents, 1)
    time.sleep(max(0.0, start - time.time()))
    figures = []
    while not figures or time.time() < start + 2.0:
        begin = time.perf_counter()
        engine.batch(documents, 1)
        figures.append(size / 1e6 / (time.perf_counter() - begin))
    return figures


def measure(
    name: str, label: str, path: str, pattern: str, cores: int, data: str | None, quick: bool
) -> list[float]:
    """MB/s of wall time, slowest first; the first, unseen pass is not counted."""
    pin(cores)
    settings = Settings(data, quick)
    engine = MAKERS[name](Vocabulary(label, Path(path), pattern))
    documents = _documents(settings)
    size = sum(len(document.encode()) for document in documents)
    assert engine.batch is not None
    engine.batch(documents, cores)
    figures = []
    for _ in range(settings.rounds):
        begin = time.perf_counter()
        engine.batch(documents, cores)
        figures.append(size / 1e6 / (time.perf_counter() - begin))
    return sorted(figures)


def _documents(settings: Settings) -> list[str]:
    pieces: list[str] = []
    for kind in KINDS:
        pieces += cut(first(text(kind, settings.data)[0], settings.megabytes(2)), 2000)
    random.Random(5).shuffle(pieces)
    return pieces
