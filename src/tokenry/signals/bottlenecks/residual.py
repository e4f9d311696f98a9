"""Residual quantization: each depth quantizes what the depths before it left.

Zeghidour et al. 2021 (SoundStream), arXiv:2107.03312; of images Lee et al. 2022, arXiv:2203.01941.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, Literal

from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least
from tokenry.signals.bottlenecks import Bottleneck
from tokenry.signals.bottlenecks.straight import with_gradient_of
from tokenry.signals.bottlenecks.vq import Vq
from tokenry.signals.features import Grid, Quantized

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class Residual:
    """Vectors are sums over depths; the gradient passes straight through the sum.

    Attributes:
        leaf: of each depth; it takes and gives vectors of one size.
        depth: how many.
        shared: whether all depths have one codebook.
        layout: ``slots``: a token has a code for each depth. ``tokens``: each depth is a run of
            tokens behind that of the depth before, so that a length policy can cut depths off.
    """

    leaf: Bottleneck = field(default_factory=Vq)
    depth: int = 4
    shared: bool = False
    layout: Literal["slots", "tokens"] = "slots"

    def __post_init__(self) -> None:
        at_least(self, 1, "depth")

    @property
    def size(self) -> int:
        """That of the leaf."""
        return self.leaf.size

    @property
    def decoded_size(self) -> int:
        """That of the leaf."""
        return self.leaf.decoded_size

    @property
    def levels(self) -> tuple[int, ...]:
        """Those of the leaf, for each depth where depths are slots."""
        return self.leaf.levels * (self.depth if self.layout == "slots" else 1)

    def tokens(self, grid: Grid) -> int:
        """As many as places, or for each depth as many."""
        return prod(grid) * (1 if self.layout == "slots" else self.depth)

    def runs(self, grid: Grid) -> tuple[int, ...]:
        """Tokens of each depth, where depths are runs of them."""
        return (prod(grid),) * self.depth if self.layout == "tokens" else ()

    def build(self, grid: Grid = ()) -> Assembled:
        """Modules ``leaves``."""
        count = 1 if self.shared else self.depth
        leaves = [self.leaf.build(grid) for _ in range(count)]
        return assemble(self, leaves=torch_for(self, "torch.nn").ModuleList(leaves))

    def forward(self, module: Assembled, latents: Tensor, done: float) -> Quantized:
        """Depth by depth."""
        import torch

        rest, total = latents, torch.zeros_like(latents)
        codes, depths, losses = [], [], dict[str, torch.Tensor]()
        for depth in range(self.depth):
            found: Quantized = self._leaf(module, depth)(rest, done)
            hard = found.vectors.detach()
            total, rest = total + hard, rest - hard
            codes.append(found.codes)
            depths.append(hard)
            for name, loss in found.losses.items():
                losses[name] = losses.get(name, 0.0) + loss / self.depth
        return Quantized(
            with_gradient_of(total, latents),
            torch.cat(codes, -1 if self.layout == "slots" else 1),
            losses,
            depths=torch.stack(depths, 2),
            soft=latents,
        )

    def vectors(self, module: Assembled, codes: Tensor, mask: Tensor | None = None) -> Tensor:
        """Sums of the vectors of all depths, or of those that the mask keeps."""
        import torch

        whole, slots = self.layout == "tokens", len(self.leaf.levels)
        parts = codes.chunk(self.depth, 1) if whole else torch.split(codes, slots, -1)
        found = [
            self.leaf.vectors(self._leaf(module, depth), part) for depth, part in enumerate(parts)
        ]
        if mask is not None and whole:
            masks = mask.chunk(self.depth, 1)
            found = [each * kept[..., None] for each, kept in zip(found, masks, strict=True)]
        total = torch.zeros_like(found[0])
        for each in found:
            total = total + each
        return total

    def _leaf(self, module: Assembled, depth: int) -> Assembled:
        found: Assembled = module.leaves[0 if self.shared else depth]
        return found
