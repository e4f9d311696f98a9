"""Latent vectors unit by unit, each by a flow from noise, behind units that may be noisy.

xAR: Ren et al. 2025, "Beyond Next-Token: Next-X Prediction for Autoregressive Visual Generation",
arXiv:2502.20388.

1. A unit is a place, a cell of neighbours or a subsample of the grid (`units`).
2. In training each unit is mixed with noise by a time of its own; the model sees the units before
   it, noisy as they are, and predicts the velocity of all. So it bears errors of its own making.
3. A unit is made from noise in a few steps behind the units that were made.

Not here: the published model's separate widths for time; times are added to the vectors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.backbone import Backbone
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least
from tokenry.neural.topologies.blocks import BlockCausal
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.step import Losses
from tokenry.signals.generators.code_transformer import backbone_of
from tokenry.signals.generators.contract import ITEMS, LABELS, forgotten
from tokenry.signals.generators.units import Units
from tokenry.signals.times import time_layers, waves

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class NextUnits:
    """An `ItemGenerator` of vectors.

    Attributes:
        size: of a vector.
        units: which places are made together.
        backbone: causal between units.
        classes: labels; 0 where there are none.
        forget: share of labels that training leaves out.
        steps: of the flow of each unit.
        noisy: whether units in training have noise of their own; else those before are clean only
            as far as the unit's own time, as in plain teacher forcing of one time.
    """

    size: int
    units: Units
    backbone: Backbone
    classes: int = 0
    forget: float = 0.1
    steps: int = 12
    noisy: bool = True

    def __post_init__(self) -> None:
        at_least(self, 1, "size", "steps")
        at_least(self, 0, "classes", "forget")

    @classmethod
    def sized(
        cls, size: int, units: Units, *, classes: int = 0, width: int = 128, layers: int = 4,
        heads: int = 4, noisy: bool = True,
    ) -> NextUnits:  # fmt: skip
        """With a model of this size."""
        topology = BlockCausal(size=1, first=(1, *units.counts))
        places = len(units.order) + 1
        backbone = backbone_of(places, topology, width=width, layers=layers, heads=heads)
        return cls(size=size, units=units, backbone=backbone, classes=classes, noisy=noisy)

    def build(self) -> Assembled:
        """Modules ``into``, ``time``, ``told``, ``stack``, ``out``."""
        nn = torch_for(self, "torch.nn")
        width = self.backbone.width
        return assemble(
            self,
            into=nn.Linear(self.size, width),
            time=time_layers(nn, width),
            told=nn.Embedding(self.classes + 1, width),
            stack=self.backbone.build(),
            out=nn.Linear(width, self.size),
        )

    def forward(self, module: Assembled, vectors: Tensor, time: Tensor, labels: Tensor) -> Tensor:
        """Velocities of the first places or all, in the order of reading."""
        import torch

        x = module.into(vectors) + module.time(waves(time))
        x = torch.cat([module.told(labels + 1)[:, None], x], 1)
        velocity: Tensor = module.out(module.stack(x).hidden[:, 1:])
        return velocity

    def losses(self, module: Assembled, batch: Batch) -> Losses:
        """Mean squared error of the velocity, of a value."""
        import torch

        vectors = batch[ITEMS].float()[:, list(self.units.order)]
        labels = forgotten(batch[LABELS].long(), self.forget)
        unit = torch.as_tensor(self.units.unit_of, device=vectors.device)
        times = torch.rand(len(vectors), len(self.units.counts), device=vectors.device)
        time = times[:, unit] if self.noisy else times[:, :1].expand(-1, len(unit))
        noise = torch.randn_like(vectors)
        mixed = noise + time[..., None] * (vectors - noise)
        velocity = module(mixed, time, labels)
        lost = (velocity - (vectors - noise)).square().mean((1, 2)).sum()
        return Losses(lost, float(len(vectors)))

    def sampled(self, module: Assembled, labels: Tensor, draw: Generator) -> Tensor:
        """Vectors, shape (items, places, size), places as in the grid."""
        import torch

        made = torch.zeros(len(labels), 0, self.size, device=labels.device)
        for count in self.units.counts:
            shape = len(labels), count, self.size
            unit = torch.randn(shape, generator=draw, device=labels.device)
            for step in range(self.steps):
                time = torch.ones(len(labels), made.shape[1] + count, device=labels.device)
                time[:, made.shape[1] :] = step / self.steps
                velocity = module(torch.cat([made, unit], 1), time, labels)
                unit = unit + velocity[:, made.shape[1] :] / self.steps
            made = torch.cat([made, unit], 1)
        return made[:, torch.as_tensor(self.units.back, device=made.device)]
