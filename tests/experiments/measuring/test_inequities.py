"""Spread over languages, and its interval."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.measuring.inequities import spread, spread_ratio


def test_spread_is_relative() -> None:
    tokens = np.array([90.0, 110.0])
    assert spread(tokens) == pytest.approx(0.1)
    assert spread(7 * tokens) == pytest.approx(0.1)


def test_ratio_of_spreads_has_an_interval_around_it() -> None:
    before = np.random.default_rng(1).normal(1000, 100, size=60)
    after = 1000 + (before - 1000) / 4
    ratio = spread_ratio(before, after)
    assert ratio.low <= ratio.value <= ratio.high
    assert ratio.value == pytest.approx(0.25, rel=0.05)
    assert ratio.high < 1
    same = spread_ratio(before, before[::-1])
    assert same.low < 1 < same.high
