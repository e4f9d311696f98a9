"""Pixels of 8 bits to [-1, 1], without anything beside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.signals.normalisers.contract import Normalised, finite


@dataclass(frozen=True)
class SignedUnit:
    """0 becomes -1 and ``most`` 1; back, values are rounded and what lies beyond is cut off.

    Attributes:
        most: the largest value: 255 of 8 bits, 65,535 of 16.
    """

    most: int = 255

    def apply(self, values: NDArray[np.generic]) -> Normalised:
        """From -1 to 1, float32."""
        return Normalised((finite(values, self) / (self.most / 2) - 1.0).astype(np.float32))

    def undo(self, given: Normalised) -> NDArray[np.generic]:
        """Whole numbers, uint8 or uint16."""
        kind = np.uint8 if self.most < 256 else np.uint16
        levels = (finite(given.values, self) + 1.0) * (self.most / 2)
        return np.rint(levels).clip(0, self.most).astype(kind)
