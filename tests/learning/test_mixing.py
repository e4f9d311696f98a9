from __future__ import annotations

import random

import numpy as np
import pytest

from tokenry.errors import LearnError
from tokenry.learning import Bpe
from tokenry.learning.mixing import (
    MixtureProblem,
    count_tokens,
    mixed,
    regression,
    search_mixture,
)
from tokenry.learning.word_counts import WordCounts

SYLLABLES = {"a": ["ka", "lo", "mi", "nu", "re"], "b": ["zwe", "sch", "tten", "ing", "ost"]}


def texts(group: str, count: int, seed: int) -> list[str]:
    draw = random.Random(f"{group} {seed}")
    words = ["".join(draw.choices(SYLLABLES[group], k=draw.randint(2, 4))) for _ in range(300)]
    return [" ".join(draw.choices(words, k=40)) for _ in range(count)]


TRAIN = {"a": WordCounts.of(texts("a", 90, 0)), "b": WordCounts.of(texts("b", 10, 0))}
HELD = {"a": WordCounts.of(texts("a", 20, 0)), "b": WordCounts.of(texts("b", 20, 0))}
PROBLEM = MixtureProblem(Bpe(vocab_size=340), TRAIN, HELD)


def test_the_natural_mixture_is_the_corpus_itself() -> None:
    sizes = {group: int(words.counts.sum()) for group, words in TRAIN.items()}
    shares = {group: size / sum(sizes.values()) for group, size in sizes.items()}
    found = Bpe(vocab_size=340).learn([*texts("a", 90, 0), *texts("b", 10, 0)])
    assert PROBLEM.tokenizer(shares).fingerprint() == found.fingerprint()
    alone = mixed(TRAIN, {"a": 0.0, "b": 1.0})
    assert len(alone) == len(TRAIN["b"])


def test_tokens_of_counted_words_are_tokens_of_text() -> None:
    tokenizer = PROBLEM.tokenizer({"a": 0.5, "b": 0.5})
    assert count_tokens(tokenizer, HELD["a"]) == sum(map(tokenizer.count, texts("a", 20, 0)))


@pytest.mark.parametrize("objective", ["compression", "parity"])
def test_the_search_finds_what_is_no_worse(objective: str) -> None:
    problem = MixtureProblem(Bpe(vocab_size=340), TRAIN, HELD, objective)  # type: ignore[arg-type]
    found = search_mixture(problem, trials=(4, 3), seed=1)
    assert len(found.trials) == 9
    assert found.best.score <= min(found.uniform.score, found.natural.score)
    assert [trial.score for trial in found.trials] == sorted(t.score for t in found.trials)
    assert {trial.round for trial in found.trials} == {0, 1}
    again = search_mixture(problem, trials=(4, 3), seed=1)
    assert again.to_json() == found.to_json()
    assert found.natural.shares["a"] > 0.85


def test_the_regression_ranks() -> None:
    points = np.random.default_rng(0).dirichlet(np.ones(3), 60)
    truth = -np.log(np.maximum(points, 1e-4)).sum(1)
    predicted = regression(points[:40], truth[:40])(points[40:])
    assert np.corrcoef(predicted, truth[40:])[0, 1] > 0.95


def test_groups_must_be_the_same() -> None:
    with pytest.raises(LearnError, match="two or more"):
        MixtureProblem(Bpe(vocab_size=340), {"a": TRAIN["a"]}, {"a": HELD["a"]})
