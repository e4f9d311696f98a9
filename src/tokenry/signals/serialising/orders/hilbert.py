"""Along Hilbert's curve, which stays near: every square of 2ⁿ places is read without leaving it.

Hilbert 1891. Of grids that are no square of a power of two, the curve of the next one is taken and
places outside are left out, so that it may leap there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tokenry.signals.serialising.contract import Places, grid_of


@dataclass(frozen=True)
class Hilbert:
    """From the upper left to the upper right."""

    def places(self, shape: tuple[int, ...]) -> Places:
        """Of a grid."""
        height, width = grid_of(shape, self)
        side = 1 << (max(height, width) - 1).bit_length()
        y, x = (axis.ravel() for axis in np.mgrid[:height, :width])
        return np.argsort(_distance_along(x, y, side), kind="stable").astype(np.int64)


def _distance_along(x: Places, y: Places, side: int) -> Places:
    """How far along the curve each place lies."""
    distance = np.zeros(len(x), np.int64)
    half = side // 2
    while half:
        right, low = (x & half > 0).astype(np.int64), (y & half > 0).astype(np.int64)
        distance += half * half * ((3 * right) ^ low)
        flip = (low == 0) & (right == 1)  # this quarter is run through backwards
        x, y = np.where(flip, side - 1 - x, x), np.where(flip, side - 1 - y, y)
        turn = low == 0
        x, y = np.where(turn, y, x), np.where(turn, x, y)
        half //= 2
    return distance
