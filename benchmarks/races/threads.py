"""A batch of 2 kB documents on one and on two cores: wall time, a process for each figure."""

from __future__ import annotations

import random
import time
from pathlib import Path

from benchmarks import child
from benchmarks.corpora import KINDS, cut, first, text
from benchmarks.result import Case, Goal, Measurement, Settings
from benchmarks.rivals import MAKERS, present
from benchmarks.timing import pin
from benchmarks.vocabularies import Vocabulary, vocabularies

GOAL = Goal(">= 1.8x", limit=1.8)


def run(settings: Settings) -> list[Case]:
    """The speed on each number of cores and, as the last case, the second over the first."""
    vocabulary = vocabularies(settings.data)[0]
    names = [name for name in MAKERS if present(name)]
    cases, speeds = [], {}
    for cores in (1, 2):
        case = Case("threads", f"{vocabulary.name} batch of 2 kB, {cores} core(s), wall", "MB/s")
        for name in names:
            given = (name, vocabulary.name, str(vocabulary.path), vocabulary.pattern)
            speeds[name, cores] = child.call(
                "benchmarks.races.threads", "measure", *given, cores, settings.data, settings.quick,
                env={"RAYON_NUM_THREADS": str(cores)},
            )  # fmt: skip
            case.engines[name] = Measurement.of(speeds[name, cores])
        cases.append(case)
    scaling = Case("threads", "two cores over one", "x", goal=GOAL)
    for name in names:
        ratios = [b / a for a, b in zip(speeds[name, 1], speeds[name, 2], strict=True)]
        scaling.engines[name] = Measurement.of(ratios)
    return [*cases, scaling]


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
