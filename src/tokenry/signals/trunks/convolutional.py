"""Convolutions over the grid: a place sees its neighbours, and theirs block by block.

Esser et al. 2021 (VQGAN), arXiv:2012.09841.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least
from tokenry.neural.topologies import Topology
from tokenry.signals.features import Features, Grid

if TYPE_CHECKING:
    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class ConvTrunk:
    """Residual blocks; it takes no registers and no conditions beside the grid.

    Attributes:
        width: channels.
        blocks: of two convolutions each.
    """

    width: int = 64
    blocks: int = 2

    def __post_init__(self) -> None:
        at_least(self, 1, "width")
        at_least(self, 0, "blocks")

    def grid(self, grid: Grid) -> Grid:
        """The same."""
        return grid

    def build(self, features: int, places: int) -> Assembled:
        """The linear layer ``into``, ``blocks``, and a last norm."""
        nn = torch_for(self, "torch.nn")
        from tokenry.signals.conv_blocks import ResidualConv, norm

        blocks = [ResidualConv(self.width) for _ in range(self.blocks)]
        return assemble(
            self,
            into=nn.Linear(features, self.width),
            blocks=nn.Sequential(*blocks, norm(self.width), nn.SiLU()),
        )

    def embed(self, module: Assembled, features: Features) -> Features:
        """Through the linear layer."""
        return features.having(vectors=module.into(features.vectors))

    def forward(
        self, module: Assembled, features: Features, topology: Topology | None = None
    ) -> Features:
        """Through the blocks."""
        x, grid = features.vectors, features.grid
        if len(grid) != 2 or prod(grid) != x.shape[1]:
            raise PartError(
                f"a convolutional trunk reads a grid of rows and columns, not {x.shape[1]} places "
                f"of {grid}; use the resampler of the whole grid, without conditions"
            )
        values = x.transpose(1, 2).reshape(len(x), self.width, *grid)
        return features.having(vectors=module.blocks(values).flatten(2).transpose(1, 2))
