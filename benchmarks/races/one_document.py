"""One document on two threads over the same on one: wall time, and what sharing costs in CPU time.

Protocol: the text has been encoded before by both ways (caches of 32 MB a thread are full of it),
the output is an array, the ways take turns in one process on two cores. One thread against itself
is the null run; `apart` are two threads with half of the text and an engine each, which share
nothing: what this machine's two cores can do at most. The second figure holds on a machine that is
not quiet, too: CPU time of two threads over one; two over it is what the quotient of wall times
cannot beat.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks.corpora import KINDS, text
from benchmarks.result import OURS, Case, Goal, Measurement, Settings
from benchmarks.rivals import loaded
from benchmarks.timing import check_equal, pin
from benchmarks.vocabularies import vocabularies

SIZES = {"16 MB": 16_000_000, "1 MB": 1_000_000, "100 kB": 100_000}
GOALS = {
    "16 MB": Goal(">= 1.85x", limit=1.85),
    "1 MB": Goal(">= 1.8x", limit=1.8),
    "100 kB": Goal(">= 0.95x, as it is not shared", limit=0.95),
}
NULL = "one over one"
APART = "apart over one"
TURN = 4_000_000  # bytes that a way encodes in its turn


def run(settings: Settings) -> list[Case]:
    """Two cases for each kind of text and size."""
    pin(2)
    vocabulary = vocabularies(settings.data)[0]
    encode = loaded(vocabulary).encode_to_numpy
    ways = {
        "one": lambda data: encode(data, threads=1),
        "two": lambda data: encode(data, threads=2),
    }
    ways["again"] = ways["one"]
    cases = []
    pool = ThreadPoolExecutor(2)
    halves = [(loaded(vocabulary).encode_to_numpy, part) for part in (0, 1)]
    ways["apart"] = lambda data: list(pool.map(lambda half: half[0](_half(data, half[1])), halves))
    for kind in KINDS:
        body = text(kind, settings.data)[0].encode()
        for size, count in SIZES.items():
            data = (body * (1 + count // len(body)))[:count]
            name = f"{vocabulary.name} {kind}, {size}"
            wall, cpu = _turns(ways, data, settings.rounds)
            case = Case("one_document", f"{name}, two threads over one", "x", goal=GOALS[size])
            case.engines = {
                OURS: _over(wall, "one", "two"),
                NULL: _over(wall, "one", "again"),
                APART: _over(wall, "one", "apart"),
            }
            costs = Case("one_document, CPU", f"{name}, two threads over one", "x", False)
            costs.engines = {OURS: _over(cpu, "two", "one"), NULL: _over(cpu, "again", "one")}
            cases += [case, costs]
    return sorted(cases, key=lambda case: case.race)


def _turns(
    ways: dict[str, Callable[[bytes], Any]], data: bytes, rounds: int
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Seconds of wall and of CPU time of each way, a value a turn."""
    for _ in range(2):
        ids = {name: way(data) for name, way in ways.items() if name != "apart"}
        check_equal(ids, "one document")
        ways["apart"](data)
    wall: dict[str, list[float]] = {name: [] for name in ways}
    cpu: dict[str, list[float]] = {name: [] for name in ways}
    calls = max(1, TURN // len(data))
    for _ in range(rounds):
        for name, way in ways.items():
            began, spent = time.perf_counter(), time.process_time()
            for _ in range(calls):
                way(data)
            wall[name].append(time.perf_counter() - began)
            cpu[name].append(time.process_time() - spent)
    return wall, cpu


def _half(data: bytes, part: int) -> bytes:
    middle = len(data) // 2
    return data[middle:] if part else data[:middle]


def _over(seconds: dict[str, list[float]], first_: str, second: str) -> Measurement:
    return Measurement.of(a / b for a, b in zip(seconds[first_], seconds[second], strict=True))
