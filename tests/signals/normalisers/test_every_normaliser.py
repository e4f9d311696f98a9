"""What all normalisers promise: there and back, bits counted, NaN refused."""

from __future__ import annotations

import numpy as np
import pytest

from shares import draw
from tokenry.errors import SignalError
from tokenry.signals.normalisers.contract import Normalised, Normaliser
from tokenry.signals.normalisers.logarithmic import LogEnergy
from tokenry.signals.normalisers.loudness import Loudness
from tokenry.signals.normalisers.padding import FilledUp
from tokenry.signals.normalisers.quantile import Quantiles
from tokenry.signals.normalisers.signed_unit import SignedUnit

EVERY: list[tuple[Normaliser, int]] = [
    (SignedUnit(), 0),
    (SignedUnit(most=65_535), 0),
    (Quantiles(), 2 * 32 * 3),
    (Loudness(), 32),
    (LogEnergy(scale=3.0), 0),
    (FilledUp(multiple=4), 64),
]


@pytest.mark.parametrize(("normaliser", "bits"), EVERY, ids=str)
def test_there_and_back(normaliser: Normaliser, bits: int) -> None:
    rng = np.random.default_rng(draw("normalisers").getrandbits(32))
    for shape in ((5, 7, 3), (1, 1, 3), (8, 4, 3)):
        values = rng.integers(0, 256, shape).astype(np.uint8)
        given = normaliser.apply(values)
        assert given.values.dtype == np.float32
        assert given.bits == bits
        back = normaliser.undo(given)
        assert back.shape == shape
        assert np.abs(back.astype(float) - values).max() < 1e-3


@pytest.mark.parametrize(("normaliser", "bits"), EVERY, ids=str)
def test_nan_and_nothing_are_refused(normaliser: Normaliser, bits: int) -> None:
    with pytest.raises(SignalError, match=f"{type(normaliser).__name__} was given 1 values"):
        normaliser.apply(np.array([[0.0, np.nan]]))
    with pytest.raises(SignalError, match="no values"):
        normaliser.apply(np.zeros((0, 3)))


def test_pixels_are_rounded_and_cut_off() -> None:
    found = SignedUnit().undo(Normalised(np.array([-3.0, -1.0, 0.001, 1.0, 9.0], np.float32)))
    assert found.tolist() == [0, 0, 128, 255, 255]


def test_quantiles_are_ends_of_the_range() -> None:
    values = np.stack([np.arange(101.0), np.full(101, 7.0)], axis=1)
    given = Quantiles(low=0.1, high=0.9).apply(values)
    assert given.values[[10, 90], 0].tolist() == [-1.0, 1.0]
    assert (given.values[:, 1] == 0).all()


def test_loudness_is_of_one_level() -> None:
    given = Loudness(level=-6.0).apply(np.sin(np.arange(1000)) * 0.01)
    assert np.sqrt((given.values.astype(float) ** 2).mean()) == pytest.approx(10 ** (-0.3))
    assert (Loudness().apply(np.zeros(4)).values == 0).all()


def test_options_that_cannot_be() -> None:
    for make in (
        lambda: Quantiles(low=0.9, high=0.1), lambda: LogEnergy(scale=0.0),
        lambda: FilledUp(multiple=0),
    ):  # fmt: skip
        with pytest.raises(SignalError, match="expected"):
            make()
    with pytest.raises(SignalError, match="2 or more to fill up"):
        FilledUp().apply(np.zeros(3))
