"""Text that no engine has seen: a fresh instance takes its chunks in sequence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from benchmarks.result import Case, Goal, Measurement, Settings
from benchmarks.rivals import engines
from benchmarks.timing import Run, stream_seconds
from benchmarks.vocabularies import Vocabulary

GOAL = Goal(">= 1.25x gigatoken and fastokens", ("gigatoken", "fastokens"), factor=1.25)
SLOW = {"tiktoken": 2}  # chunks; it has no cache of words, so more of them say nothing new


def passes(
    make: Callable[[], Mapping[str, Run]], first: Any, chunks: Sequence[Any], what: str,
    settings: Settings, slow: Mapping[str, int] | None = None,
) -> Iterator[dict[str, list[float]]]:  # fmt: skip
    """CPU seconds of each chunk in three passes, each with engines that `make` gives afresh.

    The first call of an engine, with `first`, is not counted. `slow`: chunks that an engine takes.
    """
    for _ in range(1 if settings.quick else 3):
        field = make()
        for encode in field.values():
            encode(first)
        yield stream_seconds(field, chunks, what, slow)


def cases(
    race: str, vocabulary: Vocabulary, name: str, chunks: Sequence[str], source: str,
    settings: Settings,
) -> tuple[Case, Case]:  # fmt: skip
    """The speed over the whole stream and the median of its chunks."""
    sizes = [len(chunk.encode()) for chunk in chunks]
    upto = list(accumulate(sizes, initial=0))
    whole: dict[str, list[float]] = defaultdict(list)
    each: dict[str, list[float]] = defaultdict(list)

    def make() -> dict[str, Run]:
        return {engine.name: engine.encode for engine in engines(vocabulary)}

    for seconds in passes(make, "Hello world", chunks, f"{race} {name}", settings, SLOW):
        for engine, spent in seconds.items():
            whole[engine].append(upto[len(spent)] / 1e6 / sum(spent))
            each[engine] += [size / 1e6 / time for size, time in zip(sizes, spent, strict=False)]
    note = f"{source}; tiktoken takes the first {SLOW['tiktoken']} chunks"
    return _case(race, name, whole, note), _case(f"{race}, median chunk", name, each, note)


def _case(race: str, name: str, figures: dict[str, list[float]], note: str) -> Case:
    measured = {engine: Measurement.of(values) for engine, values in figures.items()}
    return Case(race, name, "MB/s", engines=measured, goal=GOAL, note=note)
