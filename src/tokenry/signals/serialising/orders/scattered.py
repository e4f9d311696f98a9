"""Every second place, then those between, and so on: a picture comes coarse first.

As interlaced files have it, and as xAR's subsamples (Ren et al. 2025, arXiv:2502.20388).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tokenry.errors import SignalError
from tokenry.signals.serialising.contract import Places, grid_of


@dataclass(frozen=True)
class Scattered:
    """By rising resolution: places of the coarsest grid, then those that each finer one adds.

    Attributes:
        levels: of grids; the coarsest has every ``2 ** (levels - 1)``-th place.
    """

    levels: int = 3

    def __post_init__(self) -> None:
        if self.levels < 1:
            raise SignalError(f"levels {self.levels}; expected 1 or more")

    def places(self, shape: tuple[int, ...]) -> Places:
        """Of a grid."""
        return np.argsort(self.level_of(shape), kind="stable").astype(np.int64)

    def level_of(self, shape: tuple[int, ...]) -> Places:
        """The level of each place, the coarsest is 0."""
        height, width = grid_of(shape, self)
        level = np.full((height, width), self.levels - 1, np.int64)
        for number in range(self.levels - 1, -1, -1):
            step = 1 << (self.levels - 1 - number)
            level[::step, ::step] = number
        return level.ravel()
