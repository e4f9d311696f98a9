"""Rare ids share a row, and what they cost beside it is counted."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tokenry.neural.recipes.shared_rows import SharedRows


def test_ids_that_occur_twice_have_rows_of_their_own() -> None:
    rows = SharedRows.of([np.array([3, 1, 3]), np.array([1, 7])], 10)
    assert (rows.rows, rows.sharing) == (3, 8)
    assert rows.of_ids(np.array([1, 3, 7, 0, 9])).tolist() == [0, 1, 2, 2, 2]
    assert rows.bits_beside(rows.of_ids(np.array([1, 7, 0]))) == pytest.approx(2 * 3.0)
    assert rows.bits_beside(rows.of_ids(np.array([1, 3]))) == 0


def test_probabilities_of_all_ids_add_up_to_one() -> None:
    rows = SharedRows.of([np.array([0, 0, 2, 2, 2, 5])], 9)
    of_rows = np.random.default_rng(0).dirichlet(np.ones(rows.rows))
    total = sum(
        of_rows[row] * 2 ** -rows.bits_beside(np.array([row])) for row in rows.of_ids(np.arange(9))
    )
    assert total == pytest.approx(1)


def test_where_no_id_is_rare_nothing_is_added() -> None:
    rows = SharedRows.of([np.array([0, 1, 0, 1])], 2)
    assert (rows.rows, rows.sharing) == (3, 0)
    assert not math.isnan(rows.bits_beside(np.array([2])))
