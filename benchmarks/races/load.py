"""Load the vocabulary and encode the first text: CPU time and memory, a process for each engine."""

from __future__ import annotations

import time
from pathlib import Path

from benchmarks import child
from benchmarks.corpora import first, text
from benchmarks.result import Case, Measurement, Settings
from benchmarks.rivals import MAKERS, present
from benchmarks.timing import pin
from benchmarks.vocabularies import Vocabulary, vocabularies

FIGURES = (
    ("load", "ms CPU"),
    ("first call", "ms CPU"),
    ("memory after load", "MB"),
    ("memory after 3 MB of text", "MB"),
)


def run(settings: Settings) -> list[Case]:
    """Each engine loads three times, in a fresh process each."""
    vocabulary = vocabularies(settings.data)[0]
    cases = [Case("load", f"{vocabulary.name} {what}", unit, False) for what, unit in FIGURES]
    for name in filter(present, MAKERS):
        given = (name, vocabulary.name, str(vocabulary.path), vocabulary.pattern, settings.data)
        runs = [child.call("benchmarks.races.load", "measure", *given) for _ in range(3)]
        for case, values in zip(cases, zip(*runs, strict=True), strict=True):
            case.engines[name] = Measurement.of(values)
    return cases


def measure(name: str, label: str, path: str, pattern: str, data: str | None) -> list[float]:
    """The four FIGURES; importing the package counts as loading."""
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
    return [(loaded - begin) * 1e3, (called - loaded) * 1e3, memory - empty, after - empty]
