from __future__ import annotations

import numpy as np
import pytest

from tokenry.corpus.selection.choosing import choose
from tokenry.errors import CorpusError

SCORES = [5, 1, 4, 2, 3, 9]
SIZES = [10, 10, 10, 10, 10, 50]
GROUPS = ["a", "a", "a", "a", "a", "b"]


def test_the_best_until_the_budget_is_spent() -> None:
    assert choose(SCORES, SIZES, 75).tolist() == [5, 0, 2, 4]
    assert choose(SCORES, SIZES, 0).tolist() == []
    assert choose([1, 1, 1], [1, 1, 1], 2).tolist() == [0, 1]


def test_budgets_of_groups() -> None:
    assert choose(SCORES, SIZES, 40, groups=GROUPS).tolist() == [0, 2, 5]
    assert choose(SCORES, SIZES, 20, groups=GROUPS, shares="equal").tolist() == [0, 5]
    assert choose(SCORES, SIZES, 40, groups=GROUPS, shares={"a": 1, "b": 0}).tolist() == [
        0,
        2,
        4,
        3,
    ]
    with pytest.raises(CorpusError, match="no share for the group 'b'"):
        choose(SCORES, SIZES, 40, groups=GROUPS, shares={"a": 1})
    with pytest.raises(CorpusError, match="6 scores, 1 sizes"):
        choose(SCORES, [1], 40)


def test_a_group_that_has_too_few_is_drawn_again() -> None:
    found = choose(SCORES, SIZES, 200, groups=GROUPS, shares="equal", repeat=True)
    sizes = np.array(SIZES)[found]
    assert sizes[found < 5].sum() == 100
    assert sizes[found == 5].sum() == 100
    again = choose(SCORES, SIZES, 200, groups=GROUPS, shares="equal", repeat=True)
    assert found.tolist() == again.tolist()
