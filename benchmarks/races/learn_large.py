"""Learn a BPE vocabulary of 32,000 from 80 MB and from 1 GB of lines, beside gigabpe."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from benchmarks import child
from benchmarks.many_lines import many_lines
from benchmarks.merges import SIZE, spent_on, tokenry_merges, undo_byte_level
from benchmarks.result import OURS, Case, Goal, Measurement, Settings
from benchmarks.rivals import present

RIVAL = "gigabpe"
FASTER = Goal(">= 3x gigabpe", rivals=(RIVAL,), factor=3.0)
NOTE = "merges equal; lines of mixed text, no white space at their ends, and of changed copies"
SMALLER = Goal("<= 600 MB", limit=600.0)


def run(settings: Settings) -> list[Case]:
    """CPU seconds, wall seconds and peak memory; the merges must be the same."""
    cases = []
    for size in (settings.megabytes(80), settings.megabytes(1000)):
        corpus = many_lines(size, settings.data, settings.megabytes(80))
        label = f"32k from {size / 1e6:.0f} MB of lines"
        rows = [
            Case("learn_large", f"{label}, CPU time", "s", False, goal=FASTER),
            Case("learn_large", f"{label}, wall time", "s", False),
            Case("learn_large", f"{label}, peak memory", "MB", False, goal=SMALLER),
        ]
        _race(rows, str(corpus), 1 if settings.quick else 3)
        cases += rows
    return cases


def _race(cases: list[Case], corpus: str, times: int) -> None:
    digests = {}
    for name in filter(present, LEARNERS):
        runs = [child.call(__name__, "measure", name, corpus) for _ in range(times)]
        digests[name] = runs[0]["merges"]
        for case, key in zip(cases, ("cpu", "wall", "peak"), strict=True):
            case.engines[name] = Measurement.of(each[key] for each in runs)
    if len(set(digests.values())) > 1:
        raise AssertionError(f"our merges are not those of {RIVAL}; no time counts")
    for case in cases:
        case.note = NOTE


def measure(name: str, corpus: str) -> dict[str, Any]:
    """CPU, wall and peak memory (whole process) of one learner, reading the files included."""
    return spent_on(name, LEARNERS[name], corpus)


def _gigabpe(paths: list[Path]) -> Iterable[tuple[bytes, bytes]]:
    import gigabpe

    _, merges = gigabpe.train_bpe(
        [str(path) for path in paths], SIZE, pretokenizer="bytelevel", special_tokens=[]
    )
    return undo_byte_level(merges)[: SIZE - 256]  # bytes that are not in the text take no ids there


LEARNERS: dict[str, Callable[[list[Path]], Any]] = {OURS: tokenry_merges, RIVAL: _gigabpe}
