"""Queries: learned vectors that read the places, block by block, and each other.

Jaegle et al. 2021 (Perceiver), arXiv:2103.03206; Li et al. 2023 (Q-Former), arXiv:2301.12597;
causal in SEED (Ge et al. 2023), arXiv:2307.08041.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.blocks.pre_norm import PreNorm
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.mixers.multi_head import MultiHead
from tokenry.neural.parts import at_least
from tokenry.neural.positions.none import NoPositions
from tokenry.neural.topologies.bidirectional import Bidirectional
from tokenry.neural.topologies.causal import Causal
from tokenry.signals.features import READ, Features, Grid
from tokenry.signals.resamplers import Order
from tokenry.signals.resamplers.behind_trunk import BehindTrunk

if TYPE_CHECKING:
    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class Queries(BehindTrunk):
    """A row of ``count`` latents; they also read what is told to be ``read``.

    Attributes:
        count: queries.
        layers: blocks, each of which reads the places.
        heads: they divide the width of the trunk.
        causal: whether a query sees only those before it.
    """

    count: int = 32
    layers: int = 2
    heads: int = 4
    causal: bool = False

    reads = True

    def __post_init__(self) -> None:
        at_least(self, 1, "count", "layers", "heads")

    @property
    def order(self) -> Order:
        """Causal, or none."""
        return "causal" if self.causal else "none"

    def grid(self, grid: Grid) -> Grid:
        """A row."""
        return (self.count,)

    def build(self, grid: Grid, width: int, size: int) -> Assembled:
        """The queries ``rows``; ``read`` and ``blocks``; a norm and the linear layer ``out``."""
        torch = torch_for(self)
        from tokenry.signals.cross_attention import CrossAttention

        block = PreNorm(mixer=MultiHead(heads=self.heads, bias=True))
        read = [CrossAttention(width, width, self.heads, gate=1.0) for _ in range(self.layers)]
        return assemble(
            self,
            rows=torch.nn.Parameter(torch.randn(self.count, width) * width**-0.5),
            read=torch.nn.ModuleList(read),
            blocks=torch.nn.ModuleList(block.build(width) for _ in range(self.layers)),
            last=torch.nn.LayerNorm(width),
            out=torch.nn.Linear(width, size),
        )

    def leave(self, module: Assembled, features: Features) -> Features:
        """What the queries have read."""
        import torch

        from tokenry.neural.layer import Layer
        from tokenry.neural.masks import mask_of

        places = features.vectors
        if READ in features.taps:
            places = torch.cat([places, features.taps[READ].to(places.dtype)], 1)
        x = module.rows.expand(len(places), -1, -1).to(places.dtype)
        topology = Causal() if self.causal else Bidirectional()
        mask, plain = mask_of(topology, self.count, self.count, None, x.device)
        at = torch.arange(self.count, device=x.device).expand(len(x), -1)
        layer = Layer(NoPositions(), at, mask, plain)
        for read, block in zip(module.read, module.blocks, strict=True):
            x = block(read(x, places), layer)
        return Features(module.out(module.last(x)), (self.count,), taps=features.taps)
