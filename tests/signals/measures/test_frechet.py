"""The Fréchet distance of normal distributions, against its textbook form."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import sqrtm

from shares import draw
from tokenry.errors import SignalError
from tokenry.signals.measures.frechet import FeatureMoments, frechet_distance

RNG = np.random.default_rng(draw("frechet").getrandbits(32))


def sets(width: int) -> tuple[np.ndarray, np.ndarray]:
    a = RNG.normal(size=(200, width)) @ RNG.normal(size=(width, width))
    b = RNG.normal(size=(300, width)) @ RNG.normal(size=(width, width)) + RNG.normal(size=width)
    return a, b


@pytest.mark.parametrize("width", [1, 3, 16])
def test_is_that_of_the_textbook(width: int) -> None:
    a, b = (FeatureMoments.of(each) for each in sets(width))
    root = np.real(sqrtm(a.covariance @ b.covariance))
    expected = ((a.mean - b.mean) ** 2).sum() + np.trace(a.covariance + b.covariance - 2 * root)
    assert frechet_distance(a, b) == pytest.approx(expected, rel=1e-6)
    assert frechet_distance(b, a) == pytest.approx(expected, rel=1e-6)


def test_the_same_is_at_no_distance_and_a_shift_at_its_square() -> None:
    a, _ = sets(4)
    moments = FeatureMoments.of(a)
    assert frechet_distance(moments, moments) == pytest.approx(
        0, abs=1e-9 * np.trace(moments.covariance)
    )
    assert frechet_distance(moments, FeatureMoments.of(a + 3.0)) == pytest.approx(4 * 9.0)


def test_features_that_never_change() -> None:
    """Dead units make the covariance singular, for which a square root of the product fails."""
    a, b = sets(5)
    a[:, 2] = b[:, 2] = 0.0
    kept = [0, 1, 3, 4]
    whole = frechet_distance(FeatureMoments.of(a), FeatureMoments.of(b))
    part = frechet_distance(FeatureMoments.of(a[:, kept]), FeatureMoments.of(b[:, kept]))
    assert whole == pytest.approx(part, rel=1e-9)
    flat = FeatureMoments.of(np.zeros((3, 5)))
    assert frechet_distance(flat, FeatureMoments.of(a)) == pytest.approx(
        (a.mean(0) ** 2).sum() + np.trace(np.cov(a.T))
    )


def test_what_has_no_moments() -> None:
    for rows in (np.zeros((1, 3)), np.zeros(3), np.full((3, 3), np.nan)):
        with pytest.raises(SignalError, match="expected 2 or more finite rows"):
            FeatureMoments.of(rows)
    with pytest.raises(SignalError, match="3 and of 4"):
        frechet_distance(FeatureMoments.of(np.eye(3)), FeatureMoments.of(np.eye(4)))
