"""Attention between scales within each patch, then between patches.

Tang et al. 2024 (DuoFormer), arXiv:2407.13920: a token for each patch reads the features of all
scales that lie there (local), and then the tokens of the other patches (global).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.backbone import Backbone
from tokenry.neural.blocks.pre_norm import PreNorm
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.mixers.multi_head import MultiHead
from tokenry.neural.positions.learned import Learned
from tokenry.neural.topologies import Topology
from tokenry.neural.topologies.bidirectional import Bidirectional
from tokenry.signals.features import Features, Grid

if TYPE_CHECKING:
    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class ScalePatchTrunk:
    """Reads a grid whose last axis is of vectors at one patch (`partitions.pyramid`).

    Attributes:
        local: over a patch's token and its vectors.
        across: over the tokens of all patches.
    """

    local: Backbone
    across: Backbone

    def __post_init__(self) -> None:
        if self.local.width != self.across.width:
            raise PartError(f"widths {self.local.width} and {self.across.width} of one trunk")

    @classmethod
    def sized(
        cls, patches: int, vectors: int, *, width: int, layers: tuple[int, int], heads: int
    ) -> ScalePatchTrunk:
        """Pre-norm blocks with learned positions.

        Args:
            patches: of an image.
            vectors: of a patch.
            width: of both stacks.
            layers: of each.
            heads: they divide the width.
        """
        stacks = [
            Backbone(
                width=width,
                layers=count,
                block=PreNorm(mixer=MultiHead(heads=heads, bias=True)),
                positions=Learned(context=places),
                topology=Bidirectional(),
            )
            for count, places in zip(layers, (vectors + 1, patches), strict=True)
        ]
        return cls(local=stacks[0], across=stacks[1])

    @property
    def width(self) -> int:
        """Of both."""
        return self.across.width

    def grid(self, grid: Grid) -> Grid:
        """Of the patches."""
        if len(grid) != 3:
            raise PartError(f"a trunk of scales and patches reads a pyramid, not a grid of {grid}")
        return grid[:2]

    def build(self, features: int, places: int) -> Assembled:
        """The linear layer ``into``, the ``token`` of a patch, and both stacks."""
        torch = torch_for(self)
        return assemble(
            self,
            into=torch.nn.Linear(features, self.width),
            token=torch.nn.Parameter(torch.randn(self.width) * 0.02),
            local=self.local.build(),
            across=self.across.build(),
        )

    def embed(self, module: Assembled, features: Features) -> Features:
        """Through the linear layer."""
        return features.having(vectors=module.into(features.vectors))

    def forward(
        self, module: Assembled, features: Features, topology: Topology | None = None
    ) -> Features:
        """A vector for each patch."""
        import torch

        x, grid = features.vectors, features.grid
        if len(grid) != 3 or prod(grid) != x.shape[1]:
            raise PartError(f"{x.shape[1]} places of {grid}; expected a pyramid and nothing beside")
        patches = prod(grid[:2])
        rows = x.reshape(len(x) * patches, grid[2], self.width)
        token = module.token.to(x.dtype).expand(len(rows), 1, -1)
        read = module.local(torch.cat([token, rows], 1)).hidden[:, 0]
        whole = module.across(read.reshape(len(x), patches, self.width)).hidden
        return features.having(vectors=whole, grid=grid[:2])
