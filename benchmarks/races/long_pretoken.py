"""One pretoken of 300,000 characters, different in every round: no cache can help."""

import base64
import random
from collections.abc import Callable

from benchmarks.result import Case, Settings
from benchmarks.rivals import engines
from benchmarks.timing import pin, stream
from benchmarks.vocabularies import vocabularies

LENGTH = 300_000


def _letters(rng: random.Random, length: int) -> str:
    return "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=length))


def _han(rng: random.Random, length: int) -> str:
    return "".join(map(chr, rng.choices(range(0x4E00, 0x9FA6), k=length // 3)))


def _base64(rng: random.Random, length: int) -> str:
    return base64.b64encode(rng.randbytes(length * 3 // 4)).decode()


SHAPES: dict[str, Callable[[random.Random, int], str]] = {
    "random letters": _letters,
    "one letter": lambda rng, length: "a" * length,
    "spaces": lambda rng, length: " " * length,
    "equals signs": lambda rng, length: "=" * length,
    "random Han": _han,
    "base64": _base64,
}


def run(settings: Settings) -> list[Case]:
    """One case a shape, for the first vocabulary."""
    pin()
    vocabulary = vocabularies(settings.data)[0]
    cases = []
    for shape, make in SHAPES.items():
        rng = random.Random(7)
        field = engines(vocabulary)
        for engine in field:
            engine.encode("Hello world")
        chunks = [make(rng, LENGTH + 1000 * turn) for turn in range(settings.rounds)]
        case = Case("long_pretoken", f"{vocabulary.name} 300k {shape}", "MB/s")
        calls = {engine.name: engine.encode for engine in field}
        case.engines = stream(calls, chunks, [len(c.encode()) for c in chunks], case.name)
        cases.append(case)
    return cases
