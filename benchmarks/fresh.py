"""A stream of text that no engine has seen: one instance takes its chunks in sequence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate

from benchmarks.result import Case, Goal, Measurement, Settings
from benchmarks.rivals import engines
from benchmarks.timing import stream_seconds
from benchmarks.vocabularies import Vocabulary

GOAL = Goal(">= 1.25x gigatoken and fastokens", ("gigatoken", "fastokens"), factor=1.25)
SLOW = {"tiktoken": 2}  # chunks; it has no cache of words, so more of them say nothing new


def cases(
    race: str, vocabulary: Vocabulary, name: str, chunks: Sequence[str], source: str,
    settings: Settings,
) -> tuple[Case, Case]:  # fmt: skip
    """The speed over the whole stream and the median of its chunks, in three passes.

    Each pass has a fresh instance of each engine, whose first call is a short text.
    """
    sizes = [len(chunk.encode()) for chunk in chunks]
    upto = list(accumulate(sizes, initial=0))
    whole: dict[str, list[float]] = defaultdict(list)
    each: dict[str, list[float]] = defaultdict(list)
    for _ in range(1 if settings.quick else 3):
        field = {engine.name: engine.encode for engine in engines(vocabulary)}
        for encode in field.values():
            encode("Hello world")
        for engine, spent in stream_seconds(field, chunks, f"{race} {name}", SLOW).items():
            whole[engine].append(upto[len(spent)] / 1e6 / sum(spent))
            each[engine] += [size / 1e6 / time for size, time in zip(sizes, spent, strict=False)]
    note = f"{source}; tiktoken takes the first {SLOW['tiktoken']} chunks"
    return _case(race, name, whole, note), _case(f"{race}, median chunk", name, each, note)


def _case(race: str, name: str, figures: dict[str, list[float]], note: str) -> Case:
    measured = {engine: Measurement.of(values) for engine, values in figures.items()}
    return Case(race, name, "MB/s", engines=measured, goal=GOAL, note=note)
