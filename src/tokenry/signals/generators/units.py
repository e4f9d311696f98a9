"""Which places of a grid are made together: single ones, cells, subsamples.

xAR: Ren et al. 2025, "Beyond Next-Token: Next-X Prediction for Autoregressive Visual Generation",
arXiv:2502.20388.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import PartError
from tokenry.signals.serialising.orders.scattered import Scattered


@dataclass(frozen=True)
class Units:
    """Units one after another.

    Attributes:
        order: places of the grid as they are read, unit by unit.
        counts: places of each unit.
    """

    order: tuple[int, ...]
    counts: tuple[int, ...]

    def __post_init__(self) -> None:
        if sorted(self.order) != list(range(sum(self.counts))):
            raise PartError(f"units of {self.counts} places do not have each of them once")

    @property
    def unit_of(self) -> NDArray[np.int64]:
        """The unit of each place, in the order of reading."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    @property
    def back(self) -> NDArray[np.int64]:
        """Where each place of the grid is read."""
        return np.argsort(np.asarray(self.order)).astype(np.int64)

    @classmethod
    def cells(cls, height: int, width: int, side: int) -> Units:
        """Squares of neighbours; 1 is every place by itself.

        Raises:
            PartError: cells do not divide the grid.
        """
        if side < 1 or height % side or width % side:
            raise PartError(f"cells of {side} do not divide a grid of {height} x {width}")
        grid = np.arange(height * width).reshape(height // side, side, width // side, side)
        order = grid.transpose(0, 2, 1, 3).ravel()
        return cls(tuple(order.tolist()), (side * side,) * (height * width // side**2))

    @classmethod
    def subsamples(cls, height: int, width: int, levels: int) -> Units:
        """Places far apart first, then those between (`Scattered`)."""
        order = Scattered(levels)
        level = order.level_of((height, width))
        counts = np.bincount(level, minlength=levels)
        if (counts == 0).any():
            raise PartError(f"a grid of {height} x {width} has no {levels} levels of subsamples")
        return cls(tuple(order.places((height, width)).tolist()), tuple(counts.tolist()))
