"""Euclidean distance: the nearest row has the smallest squared difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class EuclideanDistance:
    """Half the negative square, without the vector's own, which is the same for all rows."""

    def prepared(self, vectors: Tensor) -> Tensor:
        """As they are."""
        return vectors

    def bias(self, rows: Tensor) -> Tensor:
        """Minus half the square of each row."""
        return -0.5 * rows.square().sum(-1)
