"""Anchors and relations: a vector is named by its nearest anchors and how near each of them is.

After graph anchor-relation tokenization, in which nodes of a graph are tokens of their anchors
and the distances to them (Galkin et al. 2021, NodePiece, arXiv:2106.12144; the eighth family of Li
et al. 2025, arXiv:2507.22920). Here places of a grid are the nodes and learned vectors the anchors.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least
from tokenry.signals.bottlenecks.straight import mean_square, with_gradient_of
from tokenry.signals.features import Grid, Quantized

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class AnchorRelations:
    """For each of the nearest anchors two slots: which, and its share, of evenly spaced ones.

    Attributes:
        anchors: how many there are.
        nearest: of a vector.
        relations: levels of a share, from 0 to ``reach``.
        size: of vectors.
        reach: the largest share.
        commitment: weight of the loss that draws vectors to what their names say.
    """

    anchors: int = 64
    nearest: int = 2
    relations: int = 8
    size: int = 16
    reach: float = 2.0
    commitment: float = 0.25

    def __post_init__(self) -> None:
        at_least(self, 1, "anchors", "nearest", "size")
        at_least(self, 2, "relations")
        if self.nearest > self.anchors:
            raise PartError(
                f"the {self.nearest} nearest of {self.anchors} anchors; there are fewer"
            )

    @property
    def decoded_size(self) -> int:
        """The same."""
        return self.size

    @property
    def levels(self) -> tuple[int, ...]:
        """An anchor and a relation, as often as anchors are named."""
        return (self.anchors, self.relations) * self.nearest

    def tokens(self, grid: Grid) -> int:
        """One a place."""
        return prod(grid)

    def build(self, grid: Grid = ()) -> Assembled:
        """The parameter ``anchors``."""
        torch = torch_for(self)
        return assemble(self, anchors=torch.nn.Parameter(torch.randn(self.anchors, self.size)))

    def forward(self, module: Assembled, latents: Tensor, done: float) -> Quantized:
        """One anchor after another takes its share of what is left."""
        import torch

        wanted = latents.float()
        codes = []
        with torch.no_grad():
            rest, anchors = wanted.detach(), module.anchors
            norms = anchors.square().sum(-1).clamp(min=1e-9)
            for _ in range(self.nearest):
                along = rest @ anchors.t()
                anchor = (along.clamp(min=0).square() / norms).argmax(-1)
                share = along.gather(-1, anchor[..., None])[..., 0] / norms[anchor]
                scaled = share.clamp(0, self.reach) * ((self.relations - 1) / self.reach)
                relation = scaled.round().long()
                rest = rest - anchors[anchor] * self._share(relation)
                codes += [anchor, relation]
        found = torch.stack(codes, -1)
        sums = self.vectors(module, found)
        losses = {
            "codebook": mean_square(sums, wanted.detach()),
            "commitment": self.commitment * mean_square(wanted, sums.detach()),
        }
        vectors = with_gradient_of(sums.detach(), wanted).to(latents.dtype)
        return Quantized(vectors, found, losses, soft=latents)

    def vectors(self, module: Assembled, codes: Tensor, mask: Tensor | None = None) -> Tensor:
        """Sums of anchors by their shares."""
        anchors: Tensor = module.anchors
        total = anchors[codes[..., 0]] * self._share(codes[..., 1])
        for place in range(2, 2 * self.nearest, 2):
            total = total + anchors[codes[..., place]] * self._share(codes[..., place + 1])
        return total

    def _share(self, relation: Tensor) -> Tensor:
        return (relation.float() * (self.reach / (self.relations - 1)))[..., None]
