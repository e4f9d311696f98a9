"""Rows forth and back by turns, so that places that follow each other are neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tokenry.signals.serialising.contract import Places, grid_of


@dataclass(frozen=True)
class Serpentine:
    """Even rows from the left, odd ones from the right."""

    def places(self, shape: tuple[int, ...]) -> Places:
        """Of a grid."""
        height, width = grid_of(shape, self)
        rows = np.arange(height * width, dtype=np.int64).reshape(height, width)
        rows[1::2] = rows[1::2, ::-1].copy()
        return rows.ravel()
