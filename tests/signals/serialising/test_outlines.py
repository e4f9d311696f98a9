"""Masks as points: exact with all of them, better with turning than with even steps."""

from __future__ import annotations

import numpy as np
import pytest

from shares import draw
from tokenry.errors import SignalError
from tokenry.signals.serialising.outlines import (
    OutlineTokens,
    area_of,
    filled,
    outline_of,
    overlap,
    spaced,
)


def blob(seed: int) -> np.ndarray:
    """A star-shaped part, filled from the middle."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:64, :64] - 32.0
    angle, radius = np.arctan2(y, x), np.hypot(y, x)
    waves = sum(rng.uniform(0, 4) * np.cos(k * angle + rng.uniform(0, 6)) for k in range(2, 7))
    return radius < 18 + waves


def test_all_corners_give_the_mask_back() -> None:
    for seed in range(8):
        mask = blob(draw(("outline", seed)).getrandbits(16))
        corners = outline_of(mask)
        assert (filled(corners, mask.shape) == mask).all()
        assert abs(area_of(corners)) == mask.sum()
        assert np.abs(np.diff(corners, axis=0)).sum(1).max() == 1


def test_the_largest_part_is_taken_and_touching_corners_stay_apart() -> None:
    mask = np.zeros((8, 8), bool)
    mask[0:3, 0:3] = True
    mask[3:5, 3:5] = True  # touches at a corner
    found = filled(outline_of(mask), mask.shape)
    assert found.sum() == 9
    assert found[0:3, 0:3].all()
    ring = np.ones((6, 6), bool)
    ring[2:4, 2:4] = False
    assert filled(outline_of(ring), ring.shape).all()


@pytest.mark.parametrize("points", [3, 16, 64])
def test_codes_are_within_their_levels_and_any_are_a_mask(points: int) -> None:
    tokens = OutlineTokens(points=points, bins=32)
    codes = tokens.codes(blob(1))
    assert codes.shape == (points, 2)
    assert ((codes >= 0) & (codes < 32)).all()
    drawn = np.random.default_rng(0).integers(0, 32, (points, 2))
    assert tokens.mask(drawn, (20, 30)).shape == (20, 30)


def test_more_points_are_better_and_corners_need_turning() -> None:
    mask = blob(2)
    scores = [
        overlap(mask, (t := OutlineTokens(points=n)).mask(t.codes(mask), mask.shape))
        for n in (4, 12, 48)
    ]
    assert scores == sorted(scores)
    assert scores[-1] > 0.95
    star = np.zeros((64, 64), bool)
    star[30:34, 4:60] = star[4:60, 30:34] = True  # a cross of long arms
    even, turned = (OutlineTokens(points=14, turning=weight) for weight in (0.0, 3.0))
    found = [overlap(star, each.mask(each.codes(star), star.shape)) for each in (even, turned)]
    assert found[1] > found[0]


def test_even_steps_without_turning() -> None:
    square = np.array([[0.0, 0], [0, 1], [0, 2], [1, 2], [2, 2], [2, 1], [2, 0], [1, 0]])
    assert spaced(square, 4, 0.0).tolist() == [[0, 0], [0, 2], [2, 2], [2, 0]]


def test_what_is_no_mask() -> None:
    for mask in (np.zeros((3, 3)), np.ones(3)):
        with pytest.raises(SignalError, match="not empty"):
            outline_of(mask)
    with pytest.raises(SignalError, match="expected 3 points"):
        OutlineTokens(points=2)
    with pytest.raises(SignalError, match="below 256"):
        OutlineTokens().mask(np.full((3, 2), 256), (4, 4))
    with pytest.raises(SignalError, match=r"expected \(points, 2\)"):
        OutlineTokens().mask(np.zeros(3), (4, 4))
    assert overlap(np.zeros((2, 2), bool), np.zeros((2, 2), bool)) == 1.0
