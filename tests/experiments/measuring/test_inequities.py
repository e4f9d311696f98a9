"""Spread over languages, its interval, and parallel text of a second kind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from experiments.harness.data import Data
from experiments.measuring.inequities import declarations, spread, spread_ratio
from experiments.surgery.redwhale import hangul_share


def test_spread_is_relative() -> None:
    tokens = np.array([90.0, 110.0])
    assert spread(tokens) == pytest.approx(0.1)
    assert spread(7 * tokens) == pytest.approx(0.1)


def test_ratio_of_spreads_has_an_interval_around_it() -> None:
    before = np.random.default_rng(1).normal(1000, 100, size=60)
    after = 1000 + (before - 1000) / 4
    ratio, low, high = spread_ratio(before, after)
    assert low <= ratio <= high
    assert ratio == pytest.approx(0.25, rel=0.05)
    assert high < 1
    same = spread_ratio(before, before[::-1])
    assert same[1] < 1 < same[2]


def test_hangul_is_counted_without_white_space() -> None:
    assert hangul_share("한국어 abc") == 0.5
    assert hangul_share(" \n") == 0


@pytest.mark.shared
def test_declarations_are_whole(shared_data: Path, tmp_path: Path) -> None:
    found = declarations(Data(shared_data, tmp_path))
    assert {"eng_Latn", "por_Latn", "zho_Hans", "zho_Hant", "kor_Hang"} <= set(found)
    assert all(text.count("\n") > 70 for text in found.values())
    assert "All human beings are born free" in found["eng_Latn"]
