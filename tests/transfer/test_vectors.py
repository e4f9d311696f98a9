"""Static vectors: pieces that are used alike lie near each other."""

from __future__ import annotations

import numpy as np
import pytest

from tokenry.errors import ModelError
from tokenry.transfer import TransferContext
from tokenry.transfer.vectors import SkipGrams, pairs_of, train_vectors


def test_pairs_are_those_of_windows() -> None:
    draw = np.random.default_rng(0)
    rows = [np.array([0, 1, 2, 3]), np.array([4, 5])]
    centers, contexts = pairs_of(rows, 1, draw)
    found = set(zip(centers.tolist(), contexts.tolist(), strict=True))
    assert found == {(0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2), (4, 5), (5, 4)}


def test_words_of_one_kind_are_near() -> None:
    """Ids 0 to 9 stand among 20 to 29, ids 10 to 19 among 30 to 39."""
    draw = np.random.default_rng(0)
    kinds = draw.integers(0, 2, 4000)
    rows = [
        np.stack([draw.integers(0, 10, 6) + 10 * k, draw.integers(20, 30, 6) + 10 * k], 1).ravel()
        for k in kinds
    ]
    options = SkipGrams(width=16, window=2, negatives=32, pairs=512, passes=1)
    found = train_vectors(rows, 50, options, seed=1)
    assert found.known.tolist() == [True] * 40 + [False] * 10
    vectors = found.vectors[:20] / np.linalg.norm(found.vectors[:20], axis=1, keepdims=True)
    alike = vectors @ vectors.T
    inside = np.concatenate([alike[:10, :10].ravel(), alike[10:, 10:].ravel()]).mean()
    assert inside > alike[:10, 10:].mean() + 0.5
    again = train_vectors(rows, 50, options, seed=1)
    assert np.array_equal(found.vectors, again.vectors)


def test_both_vocabularies_in_one_space(context: TransferContext) -> None:
    old, new = context.vectors("old", pooled=True), context.vectors("new", pooled=True)
    shared = context.matches.matched
    assert np.array_equal(new.vectors[shared], old.vectors[context.matches.old_of_new[shared]])
    fresh = np.flatnonzero((context.matches.old_of_new < 0) & new.known)
    assert len(fresh) > 50


def test_too_little_text() -> None:
    with pytest.raises(ModelError, match="more text"):
        train_vectors([np.array([1, 2])], 5)
