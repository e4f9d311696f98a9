"""Scale by scale, the coarsest first, within each by an order of its own.

Tian et al. 2024, "Visual Autoregressive Modeling: Scalable Image Generation via Next-Scale
Prediction", arXiv:2404.02905.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from tokenry.errors import SignalError
from tokenry.signals.serialising.contract import Order, Places
from tokenry.signals.serialising.orders.raster import Raster


@dataclass(frozen=True)
class ScaleMajor:
    """Of a layout that is a sequence of grids, one after another.

    Attributes:
        sizes: height and width of each scale, the coarsest first.
        within: the order of the places of a scale.
    """

    sizes: tuple[tuple[int, int], ...]
    within: Order = field(default_factory=Raster)

    def __post_init__(self) -> None:
        if not self.sizes or min(map(min, self.sizes)) < 1:
            raise SignalError(f"scales {self.sizes}; expected a height and a width of each")

    @property
    def counts(self) -> tuple[int, ...]:
        """Places of each scale."""
        return tuple(height * width for height, width in self.sizes)

    def places(self, shape: tuple[int, ...]) -> Places:
        """Of a layout of one axis."""
        if shape != (sum(self.counts),):
            raise SignalError(f"{sum(self.counts)} places of all scales; this layout is {shape}")
        starts = np.cumsum([0, *self.counts[:-1]])
        parts = [
            start + self.within.places(size) for start, size in zip(starts, self.sizes, strict=True)
        ]
        return np.concatenate(parts)
