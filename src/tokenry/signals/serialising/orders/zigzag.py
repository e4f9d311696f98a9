"""Diagonals forth and back by turns, as JPEG reads coefficients: low frequencies come first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tokenry.signals.serialising.contract import Places, grid_of


@dataclass(frozen=True)
class ZigZag:
    """From the upper left to the lower right; the second place is to the right of the first."""

    def places(self, shape: tuple[int, ...]) -> Places:
        """Of a grid."""
        height, width = grid_of(shape, self)
        y, x = (axis.ravel() for axis in np.mgrid[:height, :width])
        diagonal = y + x
        along = np.where(diagonal % 2 == 0, x, y)
        return np.lexsort((along, diagonal)).astype(np.int64)
