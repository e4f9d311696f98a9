"""The grid as it is: a latent for each place of the trunk, in raster order.

van den Oord et al. 2017 (VQ-VAE), arXiv:1711.00937.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble, torch_for
from tokenry.signals.features import Features, Grid
from tokenry.signals.resamplers import Order
from tokenry.signals.resamplers.behind_trunk import BehindTrunk

if TYPE_CHECKING:
    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class WholeGrid(BehindTrunk):
    """No place is added, none left out."""

    @property
    def order(self) -> Order:
        """Row by row."""
        return "raster"

    def grid(self, grid: Grid) -> Grid:
        """The same."""
        return grid

    def build(self, grid: Grid, width: int, size: int) -> Assembled:
        """The linear layer ``out``."""
        return assemble(self, out=torch_for(self, "torch.nn").Linear(width, size))

    def leave(self, module: Assembled, features: Features) -> Features:
        """Each vector through the layer."""
        return features.having(vectors=module.out(features.vectors))
