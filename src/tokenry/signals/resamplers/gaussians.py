"""Gaussians: of each region its place and shape, moved a little, and its texture.

Zhang et al. 2025 (GPSToken), arXiv:2509.01109.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tokenry.errors import PartError
from tokenry.neural.building import assemble, torch_for
from tokenry.signals.features import Features, Grid
from tokenry.signals.resamplers import Order
from tokenry.signals.resamplers.behind_trunk import BehindTrunk

if TYPE_CHECKING:
    from tokenry.neural.assembled import Assembled

GEOMETRY: Final = 5
"""Logits of the centre (down, across), logarithms of both spreads, and what correlation is the
hyperbolic tangent of."""


@dataclass(frozen=True, kw_only=True)
class GaussianSet(BehindTrunk):
    """The first `GEOMETRY` numbers of a latent are a Gaussian, as shares of height and width."""

    @property
    def order(self) -> Order:
        """None."""
        return "none"

    def grid(self, grid: Grid) -> Grid:
        """One for each region."""
        return grid

    def build(self, grid: Grid, width: int, size: int) -> Assembled:
        """The linear layer ``out``."""
        if size <= GEOMETRY:
            raise PartError(f"latents of {size} numbers; a Gaussian takes {GEOMETRY} of them")
        return assemble(self, out=torch_for(self, "torch.nn").Linear(width, size))

    def leave(self, module: Assembled, features: Features) -> Features:
        """Latents; at the start a spread is half the side of its region."""
        import torch

        where = features.where
        if where is None or where.shape[-1] != 4:
            raise PartError("Gaussians are of regions; use the partition entropy-regions")
        centre = where[..., :2].clamp(1e-3, 1 - 1e-3).logit()
        begun = torch.cat(
            [centre, (where[..., 2:] / 2).log(), torch.zeros_like(where[..., :1])], -1
        )
        made = module.out(features.vectors)
        geometry = made[..., :GEOMETRY] + begun.to(made.dtype)
        return features.having(vectors=torch.cat([geometry, made[..., GEOMETRY:]], -1))
