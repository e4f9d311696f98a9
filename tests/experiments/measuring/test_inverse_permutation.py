"""Rows of permuted strings, and what a place can know."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

from experiments.measuring.inverse_permutation import (
    ARMS,
    BOUND,
    LENGTH,
    model_of,
    rows,
)


def test_labels_are_the_string_before_it_was_permuted() -> None:
    for arm in ARMS:
        found = rows(arm, 50, 1)
        orders, mixed = found.ids[:, :LENGTH], found.ids[:, LENGTH : 2 * LENGTH]
        wanted = found.labels[:, -LENGTH:]
        assert (np.sort(orders) == np.arange(LENGTH)).all()
        assert (np.take_along_axis(wanted, orders, axis=1) == mixed).all()
        assert (found.labels[:, :-LENGTH] == -1).all()
        assert found.ids.max() < model_of(arm, 16).embedding.vocab_size


def test_the_bound_is_what_perfect_reading_and_guessing_gives() -> None:
    """Of letter i a place has read all before it and itself; the rest is guessed."""
    found = rows("decoder alone", 20_000, 2)
    orders, wanted = found.ids[:, :LENGTH], found.labels[:, -LENGTH:]
    where = np.argsort(orders, axis=1)  # letter i stands at this place of the permuted string
    known = where <= np.arange(LENGTH)
    drawn = np.random.default_rng(0).integers(LENGTH, 2 * LENGTH, wanted.shape)
    assert (known | (drawn == wanted)).mean() == pytest.approx(BOUND, abs=0.005)
