"""Resident memory while words that never come again go through one tokenizer.

What a cache of words costs on terabytes of text shows here within minutes: each word is new, so
an unbounded cache grows with all of them. Rivals, which are slower, take the first part.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks import child
from benchmarks.result import OURS, Case, Goal, Measurement, Settings
from benchmarks.rivals import MAKERS, present
from benchmarks.timing import pin
from benchmarks.vocabularies import Vocabulary, vocabularies
from benchmarks.words import CHUNK, unique_words
from tokenry import _native

STEPS = 8
MEGABYTES = 2000
# What a thread's cache may hold.
CACHE = _native.default_cache_bytes() / 1e6
# The arrays of a chunk: its text as str and bytes, its ids, and twice that while they grow.
WORK = 16 * CHUNK / 1e6
GOAL = Goal(f"<= {CACHE + WORK:.0f} MB", limit=CACHE + WORK)
RIVALS = ("gigatoken", "fastokens")


def run(settings: Settings) -> list[Case]:
    """Memory beyond that of a loaded tokenizer after each eighth of the stream."""
    vocabulary = vocabularies(settings.data)[0]
    step = settings.megabytes(MEGABYTES) // STEPS
    note = (
        f"memory beyond what is held after loading and a first short text, in a stream of chunks "
        f"of {CHUNK / 1e6:.0f} MB; stated bound: a cache of {CACHE:.1f} MB a thread and "
        f"{WORK:.0f} MB for the arrays of a chunk; others take the first step only"
    )
    cases = [
        Case("memory", f"{vocabulary.name} {place * step / 1e6:.0f} MB of unique words", "MB",
             False, goal=GOAL, note=note)
        for place in range(1, STEPS + 1)
    ]  # fmt: skip
    for name in filter(present, (OURS, *RIVALS)):
        given = (name, vocabulary.name, str(vocabulary.path), vocabulary.pattern)
        steps = STEPS if name == OURS else 1
        held = child.call("benchmarks.races.memory", "measure", *given, step, steps)
        for case, value in zip(cases, held, strict=False):
            case.engines[name] = Measurement.of([value])
    return cases


def measure(name: str, label: str, path: str, pattern: str, step: int, steps: int) -> list[float]:
    """Megabytes (10^6 bytes) more than after the first call, after each step of the stream."""
    pin()
    engine = MAKERS[name](Vocabulary(label, Path(path), pattern))
    engine.encode("Hello world")
    held, start = [], child.resident_megabytes()
    for place, words in enumerate(unique_words(step * steps)):
        engine.encode(words)
        if (place + 1) * CHUNK // step > place * CHUNK // step:
            held.append((child.resident_megabytes() - start) * 2**20 / 1e6)
    return held
