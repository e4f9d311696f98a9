"""ParallelBranches: several trunks over the same places, whose latents stand side by side.

Bai et al. 2024 (FQGAN), arXiv:2411.16681: an adapter for each part of a product; Qu et al. 2024
(TokenFlow), arXiv:2412.03069: one for meaning, one for pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble, torch_for
from tokenry.signals.features import Features, Grid
from tokenry.signals.resamplers import Order
from tokenry.signals.resamplers.behind_trunk import BehindTrunk
from tokenry.signals.trunks import FeatureTrunk

if TYPE_CHECKING:
    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class ParallelBranches(BehindTrunk):
    """A latent for each place, in raster order; taps ``branch-0``, ``branch-1`` and so on.

    Attributes:
        trunks: one a branch.
        sizes: numbers of a latent that each gives.
    """

    trunks: tuple[FeatureTrunk, ...]
    sizes: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.trunks or len(self.trunks) != len(self.sizes):
            raise PartError(
                f"{len(self.trunks)} branches, {len(self.sizes)} sizes; expected as many"
            )

    @property
    def order(self) -> Order:
        """Row by row."""
        return "raster"

    def grid(self, grid: Grid) -> Grid:
        """The same.

        Raises:
            PartError: a branch changes it.
        """
        if any(each.grid(grid) != grid for each in self.trunks):
            raise PartError("a branch changes the grid; expected trunks that keep it")
        return grid

    def build(self, grid: Grid, width: int, size: int) -> Assembled:
        """Modules ``trunks``, and linear layers ``outs``."""
        nn = torch_for(self, "torch.nn")
        if sum(self.sizes) != size:
            raise PartError(f"branches give {sum(self.sizes)} numbers of {size} of a latent")
        trunks = [each.build(width, prod(grid)) for each in self.trunks]
        outs = [
            nn.Linear(each.width, its) for each, its in zip(self.trunks, self.sizes, strict=True)
        ]
        return assemble(self, trunks=nn.ModuleList(trunks), outs=nn.ModuleList(outs))

    def leave(self, module: Assembled, features: Features) -> Features:
        """Latents of all branches."""
        import torch

        taps, latents = dict(features.taps), []
        for number, (trunk, out) in enumerate(zip(module.trunks, module.outs, strict=True)):
            read: Features = trunk(trunk.part.embed(trunk, features))
            taps[f"branch-{number}"] = read.vectors
            latents.append(out(read.vectors))
        return features.having(vectors=torch.cat(latents, -1), taps=taps)
