"""Latent vectors scale by scale: a transformer says what, a flow at each place says how.

FlowAR: Ren et al. 2024, "FlowAR: Scale-wise Autoregressive Image Generation Meets Flow Matching",
arXiv:2412.15205.

1. Latents of any codec are averaged down to smaller grids; no tokenizer of scales is needed.
2. A transformer, causal between scales, reads the scale before, enlarged to the size of the next.
3. What it says of each place turns the norms of a small network that flows from noise to the
   vectors of that scale.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.backbone import Backbone
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least
from tokenry.neural.topologies.blocks import BlockCausal
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.step import Losses
from tokenry.signals.generators.code_transformer import backbone_of
from tokenry.signals.generators.contract import ITEMS, LABELS, forgotten
from tokenry.signals.generators.velocity_head import VelocityHead

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class NextScales:
    """An `ItemGenerator` of vectors of a square grid.

    Attributes:
        size: of a vector.
        sides: of the grids, the smallest first; the last is that of the latents.
        backbone: causal between scales.
        head: of the flow.
        classes: labels; 0 where there are none.
        forget: share of labels that training leaves out.
        steps: of the flow of each scale.
    """

    size: int
    sides: tuple[int, ...]
    backbone: Backbone
    head: VelocityHead = field(default_factory=VelocityHead)
    classes: int = 0
    forget: float = 0.1
    steps: int = 12

    def __post_init__(self) -> None:
        at_least(self, 1, "size", "steps")
        if not self.sides or list(self.sides) != sorted(set(self.sides)) or self.sides[0] < 1:
            raise PartError(f"sides of NextScales are {self.sides}, expected rising sizes")

    @classmethod
    def sized(
        cls, size: int, sides: tuple[int, ...], *, classes: int = 0, width: int = 128,
        layers: int = 4, heads: int = 4,
    ) -> NextScales:  # fmt: skip
        """With a model of this size."""
        counts = tuple(side * side for side in sides)
        topology = BlockCausal(size=1, first=counts)
        backbone = backbone_of(sum(counts), topology, width=width, layers=layers, heads=heads)
        return cls(size=size, sides=sides, backbone=backbone, classes=classes)

    def build(self) -> Assembled:
        """Modules ``into``, ``told``, ``scale``, ``stack``, ``head``."""
        nn = torch_for(self, "torch.nn")
        width = self.backbone.width
        return assemble(
            self,
            into=nn.Linear(self.size, width),
            told=nn.Embedding(self.classes + 1, width),
            scale=nn.Embedding(len(self.sides), width),
            stack=self.backbone.build(),
            head=self.head.build(self.size, width),
        )

    def forward(self, module: Assembled, before: list[Tensor], labels: Tensor) -> Tensor:
        """What is said of the places of the first scale and of one more for each in ``before``.

        Args:
            module: of this part.
            before: grids of scales that are known, each (batch, side, side, size).
            labels: shape (batch,), -1 for none.
        """
        import torch

        told = module.told(labels + 1)[:, None]
        first = torch.zeros(len(labels), self.sides[0] ** 2, told.shape[-1], device=told.device)
        parts = [first, *(
            module.into(resized(grid, side)).flatten(1, 2)
            for grid, side in zip(before, self.sides[1:], strict=False)
        )]  # fmt: skip
        parts = [part + told + module.scale.weight[number] for number, part in enumerate(parts)]
        hidden: Tensor = module.stack(torch.cat(parts, 1)).hidden
        return hidden

    def losses(self, module: Assembled, batch: Batch) -> Losses:
        """Mean squared error of the velocity, of a value."""
        import torch

        labels = forgotten(batch[LABELS].long(), self.forget)
        grid = batch[ITEMS].float().reshape(-1, self.sides[-1], self.sides[-1], self.size)
        scales = [resized(grid, side) for side in self.sides]
        said = module(scales[:-1], labels)
        vectors = torch.cat([each.flatten(1, 2) for each in scales], 1)
        counts = torch.tensor([side * side for side in self.sides], device=vectors.device)
        times = torch.rand(len(vectors), len(self.sides), device=vectors.device)
        time = times.repeat_interleave(counts, 1)
        noise = torch.randn_like(vectors)
        mixed = noise + time[..., None] * (vectors - noise)
        velocity = module.head(mixed, time, said)
        lost = (velocity - (vectors - noise)).square().mean((1, 2)).sum()
        return Losses(lost, float(len(vectors)))

    def sampled(self, module: Assembled, labels: Tensor, draw: Generator) -> Tensor:
        """Vectors, shape (items, places, size)."""
        import torch

        made: list[Tensor] = []
        for side in self.sides:
            said = module(made, labels)[:, -side * side :]
            shape = len(labels), side * side, self.size
            vectors = torch.randn(shape, generator=draw, device=labels.device)
            for step in range(self.steps):
                time = torch.full(shape[:2], step / self.steps, device=labels.device)
                vectors = vectors + module.head(vectors, time, said) / self.steps
            made.append(vectors.reshape(-1, side, side, self.size))
        return made[-1].flatten(1, 2)


def resized(grid: Tensor, side: int) -> Tensor:
    """A grid of vectors, (batch, height, width, size), averaged down or smoothly enlarged."""
    from torch.nn import functional

    if grid.shape[1] == side:
        return grid
    first = grid.movedim(-1, 1)
    if side < grid.shape[1]:
        return functional.adaptive_avg_pool2d(first, side).movedim(1, -1)
    larger = functional.interpolate(first, size=(side, side), mode="bicubic", align_corners=False)
    return larger.movedim(1, -1)
