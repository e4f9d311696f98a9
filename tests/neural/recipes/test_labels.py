"""Small classifiers learn what tells texts apart."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

from tokenry.neural.recipes.labels import predict_labels, train_classifier
from tokenry.neural.recipes.sizes import Passes, Shape

TINY = Shape(width=32, layers=2, heads=2, context=16)


def test_padding_changes_no_label() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, 200)
    documents = [
        [*rng.integers(2, 9, rng.integers(1, 10)).tolist(), int(label)] for label in labels
    ]
    model = train_classifier(
        documents, labels, 9, classes=2, shape=TINY, passes=Passes(passes=6, rate=3e-3)
    )
    together = predict_labels(model, documents)
    assert (together == labels).mean() > 0.95
    alone = [predict_labels(model, [each])[0] for each in documents[:20]]
    assert together[:20].tolist() == alone
    assert predict_labels(model, []).tolist() == []


def test_the_start_of_a_long_text_is_read() -> None:
    documents = [[n % 2, *[2] * 40] for n in range(60)]
    labels = np.arange(60) % 2
    model = train_classifier(
        documents, labels, 3, classes=2, shape=TINY, passes=Passes(passes=8, rate=1e-2)
    )
    assert (predict_labels(model, documents) == labels).all()
