"""A small network that says where noise has to go, told by a vector for each place.

A multilayer perceptron over each place by itself, whose norms are shifted and scaled by the vector
and the time (adaptive norms: Peebles & Xie 2022, arXiv:2212.09748; at each place by its own vector
as in FlowAR: Ren et al. 2024, arXiv:2412.15205).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least
from tokenry.signals.times import time_layers, waves

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class VelocityHead:
    """Velocity of the straight way from noise to a vector (rectified flow: Liu et al. 2022,
    arXiv:2209.03003).

    Attributes:
        width: of the layers.
        layers: residual blocks.
    """

    width: int = 128
    layers: int = 2

    def __post_init__(self) -> None:
        at_least(self, 1, "width", "layers")

    def build(self, size: int, told: int) -> Assembled:
        """For vectors of ``size`` values, told by ``told`` values."""
        nn = torch_for(self, "torch.nn")
        width = self.width
        blocks = [nn.Sequential(nn.Linear(width, width), nn.SiLU(), nn.Linear(width, width))
                  for _ in range(self.layers)]  # fmt: skip
        turns = [nn.Linear(width, 3 * width) for _ in range(self.layers)]
        out = nn.Linear(width, size)
        for each in (*turns, out):  # at the start a block changes nothing
            nn.init.zeros_(each.weight)
            nn.init.zeros_(each.bias)
        return assemble(
            self,
            into=nn.Linear(size, width),
            time=time_layers(nn, width),
            told=nn.Linear(told, width),
            blocks=nn.ModuleList(blocks),
            turns=nn.ModuleList(turns),
            out=out,
        )

    def forward(self, module: Assembled, vectors: Tensor, time: Tensor, told: Tensor) -> Tensor:
        """Velocities.

        Args:
            module: of this part.
            vectors: noisy, shape (..., size).
            time: 0 is noise and 1 the vector, shape (...).
            told: shape (..., told).
        """
        from torch.nn import functional

        hidden = module.into(vectors)
        condition = functional.silu(module.told(told) + module.time(waves(time)))
        for block, turn in zip(module.blocks, module.turns, strict=True):
            shift, scale, gate = turn(condition).chunk(3, -1)
            normed = functional.layer_norm(hidden, hidden.shape[-1:])
            hidden = hidden + gate * block(normed * (1 + scale) + shift)
        velocity: Tensor = module.out(functional.layer_norm(hidden, hidden.shape[-1:]))
        return velocity
