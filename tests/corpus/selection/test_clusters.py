from __future__ import annotations

import numpy as np
import pytest
from selection_texts import GOOD, RAW, TOKENIZER

from tokenry.corpus.selection.clusters import DocumentClusters, k_means
from tokenry.corpus.selection.vectors import DocumentVectors
from tokenry.errors import CorpusError


def test_like_documents_are_together() -> None:
    labels = DocumentClusters.fit(TOKENIZER, RAW, 2, seed=1).labels(RAW)
    assert len(set(labels[: len(GOOD)].tolist())) == 1
    assert len(set(labels.tolist())) == 2


def test_every_cluster_has_documents_and_centres_are_means() -> None:
    draw = np.random.default_rng(0)
    rows = np.concatenate([draw.normal(each, 0.1, (30, 8)) for each in range(5)]).astype(np.float32)
    centres = k_means(rows, 5, np.random.default_rng(1))
    labels = ((rows[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)
    assert sorted(np.bincount(labels).tolist()) == [30] * 5
    for each in range(5):
        assert centres[each] == pytest.approx(rows[labels == each].mean(axis=0), abs=1e-5)
    same = np.zeros((4, 3), np.float32)
    assert k_means(same, 3, np.random.default_rng(0)).shape == (3, 3)


def test_too_few_documents() -> None:
    with pytest.raises(CorpusError, match="9 clusters of 3 documents"):
        DocumentClusters.fit(TOKENIZER, RAW[:3], 9)


def test_vectors() -> None:
    vectors = DocumentVectors.fit(TOKENIZER, RAW)
    rows = vectors.of([*RAW[:40], b""])
    assert np.linalg.norm(rows[:-1], axis=1) == pytest.approx(np.ones(40), abs=1e-6)
    assert not rows[-1].any()
    one = np.concatenate([vectors.of([text]) for text in RAW[:40]])
    assert np.array_equal(one, rows[:-1])
    assert (rows[0] @ vectors.of(RAW[1:20]).T).mean() > (rows[0] @ vectors.of(RAW[-20:]).T).mean()
