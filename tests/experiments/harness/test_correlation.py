"""Rank correlation beside scipy, and intervals over groups."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from experiments.harness.correlation import mean_spearman, over_groups, spearman
from experiments.harness.verdicts import Estimate


def test_spearman_is_that_of_scipy() -> None:
    draw = np.random.default_rng(1)
    for size in (3, 8, 40):
        for top in (3, 1000):  # many ties, and few
            first, second = draw.integers(top, size=(2, size)).astype(np.float64)
            if len(set(first)) > 1 and len(set(second)) > 1:
                expected = stats.spearmanr(first, second).statistic
                assert spearman(first, second) == pytest.approx(expected)


def test_a_constant_side_has_no_correlation() -> None:
    assert math.isnan(spearman(np.ones(4), np.arange(4.0)))


def test_columns_are_correlated_each_by_itself() -> None:
    rising = np.arange(5.0)
    values = np.stack([rising, rising], axis=1)
    outcome = np.stack([rising, -rising], axis=1)
    assert mean_spearman(values, outcome) == 0
    # the second column lies far above: together they would correlate
    apart = values + np.array([0, 100])
    assert mean_spearman(apart, apart) == pytest.approx(1)


def test_interval_covers_a_plain_mean() -> None:
    values = np.random.default_rng(2).normal(size=(200, 3))
    found = over_groups(lambda rows, seeds: float(values[rows][:, seeds].mean()), 200, 3, draws=500)
    assert found.value == pytest.approx(float(values.mean()))
    assert found.low < found.value < found.high
    assert found.high - found.low < 0.5


def test_what_has_no_value_has_no_interval() -> None:
    found = over_groups(lambda rows, seeds: float("nan"), 8, 3)
    assert found == Estimate(0.0, -math.inf, math.inf)
