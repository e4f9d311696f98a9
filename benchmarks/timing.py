"""CPU time of engines that take turns on one core."""

from __future__ import annotations

import gc
import math
import os
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.result import Measurement

Run = Callable[[Any], Any]
LONG_ENOUGH = 0.05  # seconds, of which the clock and the first microseconds of a call are nothing


class UnequalError(AssertionError):
    """Two engines gave different ids for the same text, so no time counts."""


def pin(cpus: int = 1, after: int = 0) -> None:
    """Keep this process on the last `cpus` cores that it may use, but for the `after` last."""
    if hasattr(os, "sched_setaffinity"):
        allowed = sorted(os.sched_getaffinity(0), reverse=True)
        os.sched_setaffinity(0, set(allowed[after:][:cpus] or allowed[:cpus]))


def cpu_seconds(run: Run, data: Any) -> tuple[float, Any]:
    """CPU seconds of `run(data)` in all threads of this process, and what it gave."""
    begin = time.process_time()
    output = run(data)
    return time.process_time() - begin, output


def check_equal(outputs: Mapping[str, Any], what: str) -> None:
    """Raise where an engine's ids differ from those of the first."""
    reference, *others = outputs
    expected = np.asarray(outputs[reference]).astype(np.int64)
    for name in others:
        given = np.asarray(outputs[name]).astype(np.int64)
        if not np.array_equal(expected, given):
            raise UnequalError(
                f"{name} and {reference} give different ids on {what}; no time counts"
            )


def repeated(engines: Mapping[str, Run], data: Any, rounds: int) -> dict[str, list[float]]:
    """CPU seconds of a call over the same data, which all have seen before: a value a turn.

    In its turn an engine runs until its time is LONG_ENOUGH to be measured.
    """
    names = list(engines)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    gc.disable()
    try:
        calls = {name: _calls_a_turn(engines[name], data) for name in names}
        for turn in range(rounds):
            for name in _in_turn(names, turn):
                seconds[name].append(_seconds_a_call(engines[name], data, calls[name]))
    finally:
        gc.enable()
    return seconds


def _in_turn(names: list[str], turn: int) -> list[str]:
    first = turn % len(names)
    return names[first:] + names[:first]


def _calls_a_turn(run: Run, data: Any) -> int:
    return max(1, math.ceil(LONG_ENOUGH / max(cpu_seconds(run, data)[0], 1e-6)))


def _seconds_a_call(run: Run, data: Any, calls: int) -> float:
    begin = time.process_time()
    for _ in range(calls):
        run(data)
    return (time.process_time() - begin) / calls


def warm(
    engines: Mapping[str, Run], data: Any, size: int, rounds: int, what: str
) -> dict[str, Measurement]:
    """MB/s over data that each engine has encoded before; ids are checked first."""
    check_equal({name: run(data) for name, run in engines.items()}, what)
    seconds = repeated(engines, data, rounds)
    return {name: speeds([size] * rounds, seconds[name]) for name in engines}


def stream(
    engines: Mapping[str, Run], chunks: Sequence[Any], sizes: Sequence[int], what: str
) -> dict[str, Measurement]:
    """MB/s over chunks that no engine has seen; the ids of each chunk are checked after it."""
    return {
        name: speeds(sizes, spent) for name, spent in stream_seconds(engines, chunks, what).items()
    }


def stream_seconds(
    engines: Mapping[str, Run],
    chunks: Sequence[Any],
    what: str,
    only: Mapping[str, int] | None = None,
) -> dict[str, list[float]]:
    """CPU seconds of each chunk; an engine that `only` names stops after so many of them."""
    names = list(engines)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for turn, chunk in enumerate(chunks):
        outputs = {}
        for name in _in_turn(names, turn):
            if turn < (only or {}).get(name, len(chunks)):
                spent, outputs[name] = cpu_seconds(engines[name], chunk)
                seconds[name].append(spent)
        check_equal(outputs, f"{what}, chunk {turn}")
    return seconds


def speeds(sizes: Sequence[int], seconds: Sequence[float]) -> Measurement:
    """MB/s (10^6 bytes) of each run."""
    pairs = zip(sizes, seconds, strict=True)
    return Measurement.of(size / 1e6 / max(spent, 1e-9) for size, spent in pairs)
