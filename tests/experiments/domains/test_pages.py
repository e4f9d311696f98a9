"""Boxes drawn under constraints: within the page, and off each other."""

from __future__ import annotations

import numpy as np

from experiments.domains.pages import BINS, misalignment, overlap, room


def test_boxes_stay_within_the_page() -> None:
    assert room((), (BINS - 1, 0), 0) == {0}
    assert room((), (0, BINS - 3, 5), 0) == {0, 1, 2}
    assert room((), (), 10) == set(range(10, 10 + BINS))


def test_boxes_stay_off_others() -> None:
    left_half = ((0, 0, BINS // 2 - 1, BINS - 1),)
    assert room(left_half, (), 0) == set(range(BINS // 2, BINS))
    below = ((10, 20, 5, 5),)
    assert room(below, (8, 22), 0) == {0, 1}
    assert room(below, (8, 3, 4), 0) == set(range(17))


def test_where_there_is_no_room_others_are_not_seen() -> None:
    everything = ((0, 0, BINS - 1, BINS - 1),)
    assert room(everything, (), 0) == set(range(BINS))


def test_measures_of_boxes() -> None:
    apart = np.array([[0, 0, 0.5, 0.5], [0.5, 0, 0.5, 0.5]])
    assert overlap(apart) == 0
    assert misalignment(apart) == 0
    covering = np.array([[0, 0, 0.5, 0.5], [0, 0, 0.5, 0.25]])
    assert overlap(covering) == 0.75
    askew = np.array([[0, 0, 0.5, 0.5], [0.31, 0.62, 0.13, 0.14]])
    assert round(misalignment(askew), 6) == 6.0
