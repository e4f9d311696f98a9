"""Tokens to tokens: soft splits one after another, a transformer block between them.

Yuan et al. 2021 (T2T-ViT), arXiv:2101.11986: tokens are read by one block, put back on their grid
as an image, and split again, so that what stands in one token comes from more and more of the
image while the grid shrinks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tokenry.errors import PartError
from tokenry.neural.backbone import Backbone
from tokenry.neural.blocks.pre_norm import PreNorm
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.feedforwards.gelu import Gelu
from tokenry.neural.mixers.multi_head import MultiHead
from tokenry.neural.parts import at_least
from tokenry.neural.positions.none import NoPositions
from tokenry.neural.topologies.bidirectional import Bidirectional
from tokenry.signals.features import Features, Grid
from tokenry.signals.partitions.soft_split import SoftSplit

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class TokensToTokens:
    """Three splits in the published model: 7 by 4, 3 by 2, 3 by 2.

    Attributes:
        splits: one after another.
        hidden: width of the vectors between them.
    """

    splits: tuple[SoftSplit, ...] = (
        SoftSplit(kernel=7, stride=4), SoftSplit(kernel=3, stride=2), SoftSplit(kernel=3, stride=2),
    )  # fmt: skip
    hidden: int = 64

    def __post_init__(self) -> None:
        at_least(self, 1, "hidden")
        if not self.splits:
            raise PartError("TokensToTokens has no splits; expected one or more")

    def shapes(self, shape: tuple[int, ...]) -> list[tuple[int, ...]]:
        """What each split cuts."""
        found = [shape]
        for split in self.splits[:-1]:
            found.append((self.hidden, *split.grid(found[-1])))
        return found

    def grid(self, shape: tuple[int, ...]) -> Grid:
        """Of the last split."""
        return self.splits[-1].grid(self.shapes(shape)[-1])

    def width(self, shape: tuple[int, ...]) -> int:
        """Of the last split's squares."""
        return self.splits[-1].width(self.shapes(shape)[-1])

    def build(self, shape: tuple[int, ...]) -> Assembled:
        """A linear layer ``into`` and a block between each two splits."""
        nn = torch_for(self, "torch.nn")
        pairs = list(zip(self.splits, self.shapes(shape), strict=True))
        inner: list[Any] = [nn.Linear(split.width(each), self.hidden) for split, each in pairs[:-1]]
        block = PreNorm(mixer=MultiHead(heads=1, bias=True), feedforward=Gelu(hidden=self.hidden))
        backbone = Backbone(
            width=self.hidden, layers=1, block=block, positions=NoPositions(),
            topology=Bidirectional(),
        )  # fmt: skip
        return assemble(
            self,
            into=nn.ModuleList(inner),
            blocks=nn.ModuleList(backbone.build() for _ in inner),
            cuts=nn.ModuleList(split.build(each) for split, each in pairs),
        )

    def forward(self, module: Assembled, values: Tensor) -> Features:
        """Squares of the last grid, shape (batch, places, width)."""
        for into, block, cut in zip(module.into, module.blocks, module.cuts, strict=False):
            features = cut(values)
            tokens = block(into(features.vectors)).hidden
            values = tokens.transpose(1, 2).reshape(len(tokens), self.hidden, *features.grid)
        last: Features = module.cuts[-1](values)
        return last
