"""Each place by itself, through a multilayer perceptron.

What tokenizers of short rows of numbers have: poses, embeddings (Bachmann et al. 2024, 4M-21,
arXiv:2406.09406).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble, torch_for
from tokenry.neural.feedforwards.gelu import Gelu
from tokenry.neural.parts import at_least
from tokenry.neural.topologies import Topology
from tokenry.signals.features import Features, Grid

if TYPE_CHECKING:
    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class MlpTrunk:
    """Residual blocks behind norms; places do not see each other.

    Attributes:
        width: of the vectors.
        layers: blocks.
    """

    width: int = 128
    layers: int = 2

    def __post_init__(self) -> None:
        at_least(self, 1, "width")
        at_least(self, 0, "layers")

    def grid(self, grid: Grid) -> Grid:
        """The same."""
        return grid

    def build(self, features: int, places: int) -> Assembled:
        """The linear layer ``into``, and ``blocks``."""
        nn = torch_for(self, "torch.nn")
        width = self.width
        blocks = [
            nn.Sequential(nn.LayerNorm(width), Gelu().build(width)) for _ in range(self.layers)
        ]
        return assemble(self, into=nn.Linear(features, width), blocks=nn.ModuleList(blocks))

    def embed(self, module: Assembled, features: Features) -> Features:
        """Through the linear layer."""
        return features.having(vectors=module.into(features.vectors))

    def forward(
        self, module: Assembled, features: Features, topology: Topology | None = None
    ) -> Features:
        """Through the blocks."""
        x = features.vectors
        for block in module.blocks:
            x = x + block(x)
        return features.having(vectors=x)
