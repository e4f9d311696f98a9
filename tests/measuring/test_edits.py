"""Distances of sequences against brute force."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tokenry.measuring.edits import common_prefix, edit_distance

few = st.lists(st.integers(0, 4), max_size=9)


def slow_distance(left: list[int], right: list[int]) -> int:
    if not left or not right:
        return len(left) + len(right)
    if left[0] == right[0]:
        return slow_distance(left[1:], right[1:])
    return 1 + min(
        slow_distance(left[1:], right),
        slow_distance(left, right[1:]),
        slow_distance(left[1:], right[1:]),
    )


@given(few, few)
def test_distance_is_the_fewest_changes(left: list[int], right: list[int]) -> None:
    assert edit_distance(np.array(left), np.array(right)) == slow_distance(left, right)


@given(few, few)
def test_common_prefix(left: list[int], right: list[int]) -> None:
    size = common_prefix(np.array(left), np.array(right))
    assert left[:size] == right[:size]
    assert size == min(len(left), len(right)) or left[size] != right[size]
