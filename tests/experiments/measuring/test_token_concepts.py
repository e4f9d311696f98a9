"""Groups of rows, what two partitions share, and what a partition leaves."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.measuring.human_categories import CATEGORIES
from experiments.measuring.token_concepts import (
    above_chance,
    clusters,
    information,
    listed,
    weighed,
)


def test_groups_that_are_apart_are_found() -> None:
    source = np.random.default_rng(0)
    human = np.repeat(np.arange(4), 15)
    rows = np.eye(4)[human] * 5 + source.normal(size=(60, 4))
    found = clusters(rows, 4, seed=1)
    assert information(found, human) == pytest.approx(2.0)
    assert above_chance(found, human) == pytest.approx(1.0)
    assert abs(above_chance(source.permutation(human), human)) < 0.2
    assert weighed(rows, human) == pytest.approx(weighed(rows, found))
    assert weighed(rows, source.permutation(human)) > weighed(rows, human)


def test_two_draws_share_no_category() -> None:
    first, second = ({word for word, _, _ in listed(draw, None)} for draw in (0, 1))
    assert not first & second
    words = [word for each in CATEGORIES.values() for word in each.split()]
    assert len(words) == len(set(words)) == len(first | second)
