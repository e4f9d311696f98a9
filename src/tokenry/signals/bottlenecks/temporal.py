"""Temporal residual quantization: of each frame what could not be told from the frame before.

After I2-World (Liao et al. 2025, arXiv:2507.09144), whose history of occupancy grids is warped by
the vehicle's motion; here a learned linear map carries a frame over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble, torch_for
from tokenry.signals.bottlenecks import Bottleneck
from tokenry.signals.bottlenecks.of_leaf import OfLeaf
from tokenry.signals.bottlenecks.straight import mean_square, with_gradient_of
from tokenry.signals.bottlenecks.vq import Vq
from tokenry.signals.features import Grid, Quantized

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class TemporalResidual(OfLeaf):
    """The first axis of the grid is time; a frame is decoded from codes up to its own.

    Attributes:
        leaf: of what is new in a frame.
        carry: weight of the loss by which the map from frame to frame learns.
    """

    leaf: Bottleneck = field(default_factory=Vq)
    carry: float = 1.0

    def tokens(self, grid: Grid) -> int:
        """One a place."""
        return prod(grid)

    def build(self, grid: Grid) -> Assembled:
        """The ``leaf`` and the linear layer ``carry``; the number of frames."""
        torch = torch_for(self)
        frames = torch.zeros(0, grid[0])
        layer = torch.nn.Linear(self.size, self.size)
        return assemble(self, leaf=self.leaf.build(grid), carry=layer, frames=frames)

    def forward(self, module: Assembled, latents: Tensor, done: float) -> Quantized:
        """Frame by frame."""
        import torch

        frames = latents.float().chunk(module.frames.shape[1], 1)
        before = torch.zeros_like(frames[0])
        vectors, codes, losses = [], [], dict[str, torch.Tensor]()
        for frame in frames:
            expected = module.carry(before.detach())
            found: Quantized = module.leaf(frame - expected.detach(), done)
            before = expected.detach() + found.vectors.detach()
            carried = {"carry": self.carry * mean_square(expected, frame.detach())}
            for name, loss in {**found.losses, **carried}.items():
                losses[name] = losses.get(name, 0.0) + loss / len(frames)
            vectors.append(before)
            codes.append(found.codes)
        whole = with_gradient_of(torch.cat(vectors, 1), latents.float())
        return Quantized(whole.to(latents.dtype), torch.cat(codes, 1), losses, soft=latents)

    def vectors(self, module: Assembled, codes: Tensor, mask: Tensor | None = None) -> Tensor:
        """Frame by frame."""
        import torch

        found: list[Tensor] = []
        for part in codes.chunk(module.frames.shape[1], 1):
            fresh = self.leaf.vectors(module.leaf, part)
            before = found[-1] if found else torch.zeros_like(fresh)
            found.append(module.carry(before) + fresh)
        return torch.cat(found, 1)
