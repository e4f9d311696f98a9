"""One causal model from texts to images and back."""

from __future__ import annotations

import numpy as np
import pytest

from tokenry.errors import SignalError
from tokenry.neural.recipes.sizes import Passes, Shape
from tokenry.signals.generators.text_and_images import (
    TextAndImageModel,
    TextAndImages,
    train_text_and_images,
)
from tokenry.signals.serialising.id_space import IdSpace
from tokenry.signals.serialising.orders.zigzag import ZigZag
from tokenry.signals.serialising.serialiser import Serialiser

pytest.importorskip("torch")
IDS = TextAndImages(5, Serialiser(IdSpace((4,), first=6), (2, 2), ZigZag()))
TEXTS = [[0, 1], [2], [3, 4, 0]]
CODES = np.array([[0, 1, 2, 3], [3, 3, 0, 0], [1, 0, 1, 0]])[..., None]


@pytest.fixture(scope="module")
def trained() -> TextAndImageModel:
    shape = Shape(width=32, layers=2, heads=2, context=16)
    passes = Passes(passes=40, batch=6, rate=1e-2)
    return train_text_and_images(
        IDS, TEXTS * 4, np.tile(CODES, (4, 1, 1)), shape=shape, passes=passes
    )


def test_both_directions(trained: TextAndImageModel) -> None:
    for text, codes in zip(TEXTS, CODES, strict=True):
        assert trained.image_of(text, heat=0.0).tolist() == codes.tolist()
        assert trained.text_of(codes) == text


def test_any_image_is_whole(trained: TextAndImageModel) -> None:
    made = trained.image_of([4, 4], seed=3, heat=5.0)
    assert made.shape == (4, 1)
    assert ((made >= 0) & (made < 4)).all()
    assert trained.image_of([4, 4], seed=3, heat=5.0).tolist() == made.tolist()
    assert len(trained.text_of(made, longest=2, heat=9.0)) <= 2


def test_rows_are_both_ways() -> None:
    rows = IDS.rows(TEXTS[:1], CODES[:1])
    assert rows[0].tolist()[:3] == [0, 1, 5]
    assert rows[1].tolist()[-3:] == [0, 1, 5]
    assert rows[0][3] == IDS.serialiser.space.special("begin") == rows[1][0]
    assert max(map(max, rows)) < IDS.size


def test_ids_of_images_stand_behind_those_of_text() -> None:
    with pytest.raises(SignalError, match="ids of images begin at 3; expected 6"):
        TextAndImages(5, Serialiser(IdSpace((4,), first=3), (2, 2)))
