"""One pretoken of 300,000 or 10 million letters, new in every round: no cache can help."""

import base64
import random
from collections.abc import Callable

from benchmarks.result import OURS, Case, Goal, Settings
from benchmarks.rivals import Engine, engines
from benchmarks.timing import pin, stream
from benchmarks.vocabularies import Vocabulary, vocabularies

LENGTH = 300_000
LONGER = 10_000_000
RIVALS = ("gigatoken", "fastokens")
LETTERS = ("random letters", "one letter")  # shapes for every vocabulary


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


def _fresh(vocabulary: Vocabulary, names: tuple[str, ...] | None = None) -> list[Engine]:
    field = engines(vocabulary, names) if names else engines(vocabulary)
    for engine in field:
        engine.encode("Hello world")
    return field


def _race(vocabulary: Vocabulary, shape: str, rounds: int) -> Case:
    rng = random.Random(7)
    calls = {engine.name: engine.encode for engine in _fresh(vocabulary)}
    chunks = [SHAPES[shape](rng, LENGTH + 1000 * turn) for turn in range(rounds)]
    case = Case("long_pretoken", f"{vocabulary.name} 300k {shape}", "MB/s")
    if shape in LETTERS:
        case.goal = Goal("5x the better of gigatoken and fastokens", RIVALS, 5.0)
    case.engines = stream(calls, chunks, [len(c.encode()) for c in chunks], case.name)
    return case


def _longer(vocabulary: Vocabulary, shape: str, short: Case, rounds: int) -> Case:
    """Ours alone: the time a byte must not grow with the length."""
    rng = random.Random(8)
    calls = {engine.name: engine.encode for engine in _fresh(vocabulary, (OURS,))}
    chunks = [SHAPES[shape](rng, LONGER + 1000 * turn) for turn in range(min(rounds, 3))]
    case = Case("long_pretoken", f"{vocabulary.name} 10M {shape}", "MB/s")
    case.engines = stream(calls, chunks, [len(c.encode()) for c in chunks], case.name)
    limit = 0.8 * short.engines[OURS].median
    case.goal = Goal("at least 0.8 of our speed at 300k", limit=limit)
    return case


def run(settings: Settings) -> list[Case]:
    """One case a shape for the first vocabulary, of letters for all, and of 10 million letters."""
    pin()
    cases = []
    for number, vocabulary in enumerate(vocabularies(settings.data)):
        for shape in SHAPES if number == 0 else LETTERS:
            cases.append(_race(vocabulary, shape, settings.rounds))
            if number == 0 and shape in LETTERS:
                cases.append(_longer(vocabulary, shape, cases[-1], settings.rounds))
    return cases
