"""Intervals: over documents, over items, over seeds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from experiments.harness.intervals import (
    mean_of,
    mean_of_crossed,
    measured,
    over_seeds,
    ratio,
    resampled,
    saving,
)
from tokenry.measuring.measurement import Interval, Measurement


def test_seeds_have_students_interval() -> None:
    figures = [0.3, 0.5, 0.4, 0.9]
    low, high = stats.t.interval(0.95, 3, loc=np.mean(figures), scale=stats.sem(figures))
    found = over_seeds(figures)
    assert (found.low, found.high) == pytest.approx((low, high))
    assert found.value == pytest.approx(np.mean(figures))


def test_one_seed_or_one_document_bounds_nothing() -> None:
    assert over_seeds([0.5]).high == math.inf
    assert ratio(np.array([3]), np.array([4])).low == -math.inf


def test_a_saving_is_of_all_tokens_with_the_interval_over_documents() -> None:
    draw = np.random.default_rng(1)
    before = draw.integers(50, 150, size=300)
    after = np.round(before * draw.uniform(0.7, 0.9, size=300)).astype(np.int64)
    found = saving(before, after)
    assert found.value == pytest.approx(1 - after.sum() / before.sum())
    assert 0.185 < found.low < found.value < found.high < 0.215
    assert found.high - found.low < 0.02


def test_the_mean_of_items_covers_what_it_should() -> None:
    values = np.random.default_rng(2).normal(1.0, 1.0, size=400)
    found = mean_of(values)
    assert found.value == pytest.approx(values.mean())
    assert found.high - found.low == pytest.approx(2 * 1.96 / 20, rel=0.15)


def test_resampling_leaves_out_draws_without_a_value() -> None:
    found = resampled(1.0, lambda draw: math.nan if draw.random() < 0.5 else 2.0, draws=50)
    assert (found.low, found.high) == (2.0, 2.0)


def test_measurements_keep_their_interval() -> None:
    known = Interval(0.1, 0.4, 0.95, "made up")
    fields = ("f1", 0.2, "", "", "", "", "")
    assert measured(Measurement(*fields, known)).high == 0.4
    assert measured(Measurement(*fields)).high == math.inf


def test_models_and_items_are_both_drawn_anew() -> None:
    source = np.random.default_rng(3)
    values = source.normal(size=(8, 1)) + source.normal(size=(1, 40))
    found, of_items = mean_of_crossed(values), mean_of(values.mean(0))
    assert found.value == pytest.approx(values.mean()) == pytest.approx(of_items.value)
    assert found.high - found.low > 1.5 * (of_items.high - of_items.low)
    same = mean_of_crossed(np.repeat(values[:1], 8, axis=0))
    alone = mean_of(values[0])
    assert same.high - same.low == pytest.approx(alone.high - alone.low, rel=0.2)
