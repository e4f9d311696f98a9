"""CPU time of engines that take turns on one core."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.result import Measurement

Run = Callable[[Any], Any]


class UnequalError(AssertionError):
    """Two engines gave different ids for the same text, so no time counts."""


def pin(cpus: int = 1) -> None:
    """Keep this process on the first `cpus` cores that it may use."""
    if hasattr(os, "sched_setaffinity"):
        allowed = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, set(allowed[-cpus:]))


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
    """CPU seconds of `rounds` turns each over the same data, which all have seen before."""
    names = list(engines)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    gc.disable()
    try:
        for turn in range(rounds):
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                seconds[name].append(cpu_seconds(engines[name], data)[0])
    finally:
        gc.enable()
    return seconds


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
    names = list(engines)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for turn, chunk in enumerate(chunks):
        outputs = {}
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            spent, outputs[name] = cpu_seconds(engines[name], chunk)
            seconds[name].append(spent)
        check_equal(outputs, f"{what}, chunk {turn}")
    return {name: speeds(sizes, seconds[name]) for name in names}


def speeds(sizes: Sequence[int], seconds: Sequence[float]) -> Measurement:
    """MB/s (10^6 bytes) of each run."""
    pairs = zip(sizes, seconds, strict=True)
    return Measurement.of(size / 1e6 / max(spent, 1e-9) for size, spent in pairs)
