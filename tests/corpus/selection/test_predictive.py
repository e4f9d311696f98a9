from __future__ import annotations

import itertools

import numpy as np
import pytest

from tokenry.corpus.selection.predictive import LinearScorer, examples, predictive_strength
from tokenry.errors import CorpusError
from tokenry.learning import learn

WORDS = {"good": "theorem proof lemma integral because therefore",
         "bad": "click here buy now free offer"}  # fmt: skip


def texts(kind: str, count: int) -> list[bytes]:
    words = WORDS[kind].split()
    return [" ".join(words[(i * 5 + j * (i % 4 + 1)) % 6] for j in range(9)).encode()
            for i in range(count)]  # fmt: skip


def test_strength_is_the_share_of_pairs() -> None:
    abilities = [3.0, 1.0, 2.0, 2.0]
    losses = np.random.default_rng(0).normal(size=(40, 4))
    found = predictive_strength(losses, abilities)
    pairs = [(i, j) for i, j in itertools.permutations(range(4), 2) if abilities[i] > abilities[j]]
    for row, strength in zip(losses, found, strict=True):
        assert strength == pytest.approx(sum(row[i] < row[j] for i, j in pairs) / len(pairs))
    with pytest.raises(CorpusError, match="no two models differ"):
        predictive_strength(losses, [1.0] * 4)
    with pytest.raises(CorpusError, match="a column a model"):
        predictive_strength(losses, [1.0])


def test_examples_are_balanced() -> None:
    positive, negative = examples(np.array([1.0, 0.2, 0.9, 1.0, 0.1, 0.5]))
    assert positive.tolist() == [0, 3]
    assert negative.tolist() == [4, 1]


def test_the_classifier_tells_documents_apart() -> None:
    tokenizer = learn([*texts("good", 30), *texts("bad", 30)], vocab_size=300)
    scorer = LinearScorer.fit(tokenizer, texts("good", 40), texts("bad", 40))
    good, bad = (scorer.score(texts(kind, 60)[40:]) for kind in WORDS)
    assert good.min() > bad.max()
    again = LinearScorer.fit(tokenizer, texts("good", 40), texts("bad", 40))
    assert np.array_equal(scorer.weights, again.weights)
    with pytest.raises(CorpusError, match="no examples on one side"):
        LinearScorer.fit(tokenizer, [], [b"x"])
