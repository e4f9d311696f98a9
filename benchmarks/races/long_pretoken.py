"""One pretoken of 300,000 or 10 million letters, new in every round: no cache can help."""

import base64
import random
from collections.abc import Callable

from benchmarks.result import OURS, Case, Goal, Measurement, Settings
from benchmarks.rivals import Engine, engines
from benchmarks.timing import cpu_seconds, pin, stream
from benchmarks.vocabularies import Vocabulary, vocabularies

LENGTH = 300_000
LONGER = 10_000_000
RIVALS = ("gigatoken", "fastokens")
SHORT = "tokenry at 300k"
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


def _longer(vocabulary: Vocabulary, shape: str, rounds: int) -> Case:
    """Ours alone: the time a byte must not grow with the length. Short ones go before each."""
    rng = random.Random(8)
    (ours,) = _fresh(vocabulary, (OURS,))
    found: dict[str, list[float]] = {OURS: [], SHORT: []}
    for turn in range(min(rounds, 5)):
        for name, length in (*[(SHORT, LENGTH)] * 5, (OURS, LONGER)):
            body = SHAPES[shape](rng, length + 1000 * turn)
            found[name].append(len(body) / 1e6 / cpu_seconds(ours.encode, body)[0])
    case = Case("long_pretoken", f"{vocabulary.name} 10M {shape}", "MB/s")
    case.engines = {name: Measurement.of(values) for name, values in found.items()}
    case.goal = Goal("at least 0.8 of our speed at 300k", (SHORT,), 0.8)
    return case


def run(settings: Settings) -> list[Case]:
    """One case a shape for the first vocabulary, of letters for all, and of 10 million letters."""
    pin()
    cases = []
    for number, vocabulary in enumerate(vocabularies(settings.data)):
        for shape in SHAPES if number == 0 else LETTERS:
            cases.append(_race(vocabulary, shape, settings.rounds))
            if number == 0 and shape in LETTERS:
                cases.append(_longer(vocabulary, shape, settings.rounds))
    return cases
