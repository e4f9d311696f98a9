import numpy as np
import pytest

from tokenry.measuring import ratio_interval
from tokenry.measuring.interval import replicate_weights


def test_every_replicate_draws_as_many_documents_as_there_are() -> None:
    rows = np.concatenate(list(replicate_weights(50, 100, seed=1)))
    assert rows.shape == (100, 50)
    assert (rows.sum(axis=1) == 50).all()


def test_interval_of_a_constant_ratio_is_a_point() -> None:
    below = np.arange(1, 40)
    found = ratio_interval(3 * below, below, seed=0)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((3, 3))


def test_width_shrinks_with_the_root_of_the_number_of_documents() -> None:
    generator = np.random.default_rng(0)

    def width(documents: int) -> float:
        above = generator.integers(1, 100, documents)
        found = ratio_interval(above, np.ones(documents, dtype=np.int64), seed=0)
        assert found is not None
        return found.high - found.low

    assert width(100) / width(1600) == pytest.approx(4, rel=0.3)


def test_coverage_of_a_known_mean() -> None:
    generator = np.random.default_rng(7)
    hits = 0
    for trial in range(200):
        above = generator.integers(0, 10, 60)
        found = ratio_interval(above, np.ones(60, dtype=np.int64), seed=trial, replicates=300)
        assert found is not None
        hits += found.low <= 4.5 <= found.high
    assert 180 <= hits <= 199
