"""One model over several modalities: each is made from the others."""

from __future__ import annotations

import numpy as np
import pytest

from tokenry.errors import SignalError
from tokenry.signals.generators.any_to_any import AnyToAny, translated
from tokenry.signals.generators.modalities import ABSENT, PUBLISHED, Modality, ModalitySet
from tokenry.signals.generators.run import TrainedGenerator, train_generator

torch = pytest.importorskip("torch")
SET = ModalitySet((Modality("image", "dense", 3, 4), Modality("label", "text", 1, 3)))


def pairs(count: int) -> dict[str, np.ndarray]:
    """The label is the code that all places of the image have."""
    label = np.arange(count) % 3
    return {"image": np.tile(label[:, None], (1, 3)), "label": label[:, None]}


@pytest.fixture(scope="module")
def trained() -> TrainedGenerator:
    generator = AnyToAny.sized(SET, width=32, layers=2, heads=2)
    ids = SET.joined(pairs(48), 48)
    ids[:6, 3] = ABSENT  # some have no label
    return train_generator(generator, ids[..., None], steps=250, batch=32, rate=5e-3)


def test_each_modality_from_the_other(trained: TrainedGenerator) -> None:
    known = pairs(12)
    made = translated(trained.generator, trained.module, {"image": known["image"]}, "label")
    assert (made == known["label"]).mean() > 0.8
    made = translated(trained.generator, trained.module, {"label": known["label"]}, "image")
    assert made.shape == (12, 3)
    assert (made == known["image"]).mean() > 0.8


def test_all_of_them_from_nothing_agree(trained: TrainedGenerator) -> None:
    made = SET.parted(trained.sample(30, seed=2)[..., 0])
    assert (made["image"] == made["label"]).mean() > 0.7
    assert ((made["image"] >= 0) & (made["image"] < 4)).all()
    assert ((made["label"] >= 0) & (made["label"] < 3)).all()


def test_ids_and_places_of_modalities() -> None:
    assert (SET.tokens, SET.levels) == (4, 7)
    assert SET.ids("label") == range(4, 7)
    assert SET.places("label") == slice(3, 4)
    short = {"image": np.array([[1, 2], [3, ABSENT]])}
    table = SET.joined(short, 2)
    assert table.tolist() == [[1, 2, -1, -1], [3, -1, -1, -1]]
    assert SET.parted(table)["image"].tolist() == [[1, 2, -1], [3, -1, -1]]
    assert SET.parted(SET.joined(pairs(5), 5))["label"].tolist() == pairs(5)["label"].tolist()


def test_numbers_in_bins() -> None:
    boxes = Modality("boxes", "structured", 4, 100)
    numbers = np.array([[0.0, 0.123, 0.999, 1.0]])
    codes = boxes.binned(numbers)
    assert codes.tolist() == [[0, 12, 99, 99]]
    assert np.abs(boxes.unbinned(codes) - numbers).max() <= 0.005 + 1e-12
    with pytest.raises(SignalError, match="from 0 to 1"):
        boxes.binned(np.array([np.nan]))


def test_what_fits_no_modality() -> None:
    with pytest.raises(SignalError, match="no modality is named 'depth'; there are image, label"):
        SET.joined({"depth": np.zeros((1, 1))}, 1)
    with pytest.raises(SignalError, match="label has codes from 3 to 3"):
        SET.joined({"label": np.full((1, 1), 3)}, 1)
    with pytest.raises(SignalError, match="image of shape"):
        SET.joined({"image": np.zeros((1, 4))}, 1)
    with pytest.raises(SignalError, match="each another name"):
        ModalitySet((SET.members[0], SET.members[0]))
    with pytest.raises(SignalError, match="0 tokens"):
        Modality("x", "text", 0, 1)


def test_those_of_4m() -> None:
    published = ModalitySet(tuple(PUBLISHED))
    assert {each.kind for each in PUBLISHED} == {"dense", "text", "structured"}
    assert published.places("clip").stop - published.places("clip").start == 14 * 14
