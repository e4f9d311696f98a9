"""Particles recover the posterior of an enumerable language, by ids and by bytes."""

from __future__ import annotations

import numpy as np
import pytest

from enumerated_texts import EnumeratedTexts, byte_pairs
from shares import share
from tokenry.decoding.bytewise import ByteModel
from tokenry.decoding.constrained import (
    ByteSteps,
    IdSteps,
    Masking,
    ParticleSampler,
    Predicate,
    Recursive,
    Regex,
    Weighted,
)
from tokenry.decoding.constrained.steps import SymbolSteps
from tokenry.errors import ConstraintError
from tokenry.models import Enumerable, causal_model

ALPHABET = (b"a", b"b", b" ")
TOKENIZER = byte_pairs("whole", ((b"a", b"b"), (b" ", b"a"), (b"ab", b"a")), ALPHABET)
SIZE = len(TOKENIZER.vocabulary)
WANTED = Regex("(ab|b a|aab ?)b?")
TEXTS = (b"ab", b"abb", b"b a", b"b ab", b"aab", b"aabb", b"aab ", b"aab b")


def table() -> Enumerable:
    drawn = Enumerable.drawn(SIZE + 3, order=1, seed=5, spread=1.3)
    logits = np.array(drawn.table)
    logits[:, SIZE] = 2.0  # a special that text never becomes, and that the model likes
    return Enumerable(logits, drawn.begin, drawn.end)


def posterior(canonical: bool = False) -> tuple[dict[bytes, float], float]:
    model = table()
    logits = np.array(model.table)
    logits[:, SIZE] = -np.inf
    oracle = EnumeratedTexts(Enumerable(logits, model.begin, model.end), TOKENIZER)
    masses = {text: oracle.whole(text) for text in TEXTS}
    total = sum(masses.values())
    return {text: mass / total for text, mass in masses.items()}, total


def steps(kind: str, count: int) -> SymbolSteps:
    model = ByteModel(table(), TOKENIZER, target="all", begin=[SIZE + 1], ends=[SIZE + 2])
    if kind == "bytes":
        return ByteSteps.of(model, b"", count)
    return IdSteps.of(causal_model(table()), model.spelling, [], count)


def distance(found: Weighted, wanted: dict[bytes, float]) -> float:
    totals = found.totals()
    assert totals.keys() <= wanted.keys()
    return sum(abs(totals.get(text, 0.0) - mass) for text, mass in wanted.items()) / 2


@pytest.mark.parametrize("kind", ["ids", "bytes"])
@pytest.mark.parametrize("sampler", [Recursive(), Masking()], ids=str)
def test_weighted_texts_are_the_posterior(kind: str, sampler: Recursive) -> None:
    wanted, evidence = posterior()
    count = 2000
    found = ParticleSampler(sampler, max_steps=12).run(steps(kind, count), count, WANTED, seed=2)
    assert distance(found, wanted) < 0.08
    assert abs(np.exp(found.log_evidence) / evidence - 1) < 0.15
    assert found.asked > 0
    assert found.draw(1) in TEXTS


def test_masking_without_weights_is_another_distribution() -> None:
    """Which is why there are weights: local masks do not know what comes later."""
    wanted, _ = posterior()
    count = 2000
    plain = ParticleSampler(Masking(), resample_below=0, max_steps=12)
    found = plain.run(steps("ids", count), count, WANTED, seed=2)
    forgotten = Weighted(found.texts, np.full(len(found.texts), 1 / len(found.texts)), 0.0, 0)
    assert distance(forgotten, wanted) > 2 * distance(found, wanted)


def test_the_mean_evidence_is_unbiased() -> None:
    _, evidence = posterior()
    runs = [
        ParticleSampler(Recursive(), max_steps=12).run(steps("ids", 40), 40, WANTED, seed=seed)
        for seed in range(share(120))
    ]
    estimates = np.exp([run.log_evidence for run in runs])
    assert abs(estimates.mean() - evidence) < 5 * estimates.std() / np.sqrt(len(runs)) + 1e-9


def test_what_nothing_satisfies_is_said() -> None:
    with pytest.raises(ConstraintError, match="nothing satisfies"):
        ParticleSampler().run(steps("ids", 4), 4, Regex(r"[^\s\S]"))
    with pytest.raises(ConstraintError, match="all came to a dead end"):
        ParticleSampler().run(
            steps("ids", 4), 4, Predicate(lambda text: len(text) < 3, lambda _: False)
        )
    never = Predicate(lambda text: True, lambda text: False)
    with pytest.raises(ConstraintError, match=r"none wrote a text .* 4 were still going on"):
        ParticleSampler(max_steps=9).run(steps("bytes", 4), 4, never)
    with pytest.raises(ConstraintError, match="all came to a dead end"):
        ParticleSampler().run(steps("ids", 4), 4, Regex("x"))  # no id writes it


def test_any_function_is_a_constraint() -> None:
    short = Predicate(
        lambda text: text.count(b"b") <= 1 and len(text) < 5, lambda text: b"b" in text
    )
    found = ParticleSampler().run(steps("ids", 50), 50, short, seed=1)
    assert all(text.count(b"b") == 1 for text in found.texts)
