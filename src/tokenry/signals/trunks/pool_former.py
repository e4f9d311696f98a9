"""Places mixed by means of their neighbours instead of by attention.

Yu et al. 2021, "MetaFormer Is Actually What You Need for Vision", arXiv:2111.11418.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.feedforwards.gelu import Gelu
from tokenry.neural.parts import at_least
from tokenry.neural.topologies import Topology
from tokenry.signals.features import Features, Grid

if TYPE_CHECKING:
    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class PoolFormerTrunk:
    """A block adds what the mean of the neighbours is more than the place, then a perceptron.

    Attributes:
        width: of the vectors.
        layers: blocks.
        pool: height and width of what is averaged, odd.
    """

    width: int = 96
    layers: int = 3
    pool: int = 3

    def __post_init__(self) -> None:
        at_least(self, 1, "width", "layers", "pool")
        if self.pool % 2 == 0:
            raise PartError(f"pool of PoolFormerTrunk is {self.pool}, expected an odd number")

    def grid(self, grid: Grid) -> Grid:
        """The same."""
        if len(grid) != 2:
            raise PartError(f"neighbours are averaged on a grid of two axes, not on {grid}")
        return grid

    def build(self, features: int, places: int) -> Assembled:
        """The linear layer ``into``; of each block ``norms`` and ``feeds``."""
        nn = torch_for(self, "torch.nn")
        width = self.width
        norms = [nn.LayerNorm(width) for _ in range(self.layers)]
        feeds = [
            nn.Sequential(nn.LayerNorm(width), Gelu().build(width)) for _ in range(self.layers)
        ]
        return assemble(
            self,
            into=nn.Linear(features, width),
            norms=nn.ModuleList(norms),
            feeds=nn.ModuleList(feeds),
            places=torch_for(self).nn.Parameter(torch_for(self).randn(places, width) * 0.02),
        )

    def embed(self, module: Assembled, features: Features) -> Features:
        """Through the linear layer, with learned positions."""
        return features.having(vectors=module.into(features.vectors) + module.places)

    def forward(
        self, module: Assembled, features: Features, topology: Topology | None = None
    ) -> Features:
        """Through the blocks."""
        from torch.nn.functional import avg_pool2d

        x, grid = features.vectors, features.grid
        if len(grid) != 2 or prod(grid) != x.shape[1]:
            raise PartError(
                f"{x.shape[1]} places of a grid {grid}: PoolFormer mixes a grid alone; registers "
                "and what is told beside need another trunk"
            )
        for norm, feed in zip(module.norms, module.feeds, strict=True):
            normed = norm(x).transpose(1, 2).reshape(len(x), self.width, *grid)
            mean = avg_pool2d(normed, self.pool, 1, self.pool // 2, count_include_pad=False)
            x = x + (mean - normed).flatten(2).transpose(1, 2)
            x = x + feed(x)
        return features.having(vectors=x)
