"""What all methods of selection promise, and that each does better than chance at its own job."""

from __future__ import annotations

import numpy as np
import pytest
from selection_texts import GOOD, RAW, TOKENIZER, documents

from tokenry.corpus.registry import SCORERS
from tokenry.corpus.selection.choosing import choose
from tokenry.corpus.selection.contract import SelectionTask
from tokenry.errors import CorpusError

QUALITY = np.array([1.0] * 60 + [0.0] * 60)
LOSSES = np.stack([3 - QUALITY * ability for ability in (0.5, 1.0, 1.5)], axis=1)
LOSSES[60:] += np.array([0.0, 0.1, 0.2])
TASK = SelectionTask(
    TOKENIZER,
    RAW,
    documents("good", 30, 5),
    losses=LOSSES,
    abilities=np.array([1.0, 2.0, 3.0]),
    ratings=np.stack([1 + 4 * QUALITY, np.full(120, 3.0)], axis=1),
    seed=3,
)
NEEDS = {
    "likelihood": "target", "cross-entropy": "target", "classifier": "target",
    "importance": "target", "skills": "target", "predictive": "losses", "ratings": "ratings",
}  # fmt: skip


@pytest.mark.parametrize("name", SCORERS)
def test_one_score_a_document(name: str) -> None:
    texts = [*RAW, b"", b"x", "東京 is \U0001f600".encode(), b"\xff\xfe broken"]
    scores = SCORERS.load(name).of(TASK).score(texts)
    again = SCORERS.load(name).of(TASK).score(texts)
    assert scores.shape == (len(texts),)
    assert scores.dtype == np.float64
    assert np.isfinite(scores).all()
    assert np.array_equal(scores, again)
    chosen = choose(scores, TOKENIZER.count_batch(texts), 500)
    assert len(set(chosen.tolist())) == len(chosen) > 0


@pytest.mark.parametrize("name", sorted(NEEDS))
def test_what_is_wanted_comes_first(name: str) -> None:
    scores = SCORERS.load(name).of(TASK).score(RAW)
    best = np.argsort(-scores, kind="stable")[: len(GOOD)]
    assert len(set(best.tolist()) & set(GOOD)) >= 57


@pytest.mark.parametrize("name", sorted(NEEDS))
def test_what_a_method_needs_is_said(name: str) -> None:
    with pytest.raises(CorpusError, match=f"needs {NEEDS[name]}"):
        SCORERS.load(name).of(SelectionTask(TOKENIZER, RAW))


def test_chance_is_uniform_and_of_the_bytes_alone() -> None:
    scorer = SCORERS.load("chance").of(SelectionTask(TOKENIZER, [], seed=1))
    texts = [str(number).encode() for number in range(2000)]
    scores = scorer.score(texts)
    assert abs(scores.mean() - 0.5) < 0.03
    assert np.array_equal(scorer.score(texts[::-1]), scores[::-1])
    other = SCORERS.load("chance").of(SelectionTask(TOKENIZER, [], seed=2)).score(texts)
    assert abs(np.corrcoef(scores, other)[0, 1]) < 0.1
