"""Convolutions that double the grid until it is the image.

Esser et al. 2021 (VQGAN), arXiv:2012.09841.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least
from tokenry.signals.decoders import Given
from tokenry.signals.features import Decoded, Grid

if TYPE_CHECKING:
    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class ConvDecoder:
    """One pass over latents on a grid; it takes no conditions.

    Attributes:
        channels: of the last stage; each earlier one has twice as many, at most four times.
        blocks: residual blocks of a stage.
        middle: residual blocks before the first doubling.
    """

    channels: int = 32
    blocks: int = 1
    middle: int = 1

    def __post_init__(self) -> None:
        at_least(self, 1, "channels")
        at_least(self, 0, "blocks", "middle")

    @property
    def width(self) -> int:
        """Channels of the last stage."""
        return self.channels

    def stages(self, grid: Grid, shape: tuple[int, ...]) -> int:
        """How often the grid is doubled.

        Raises:
            PartError: it never becomes the image.
        """
        for count in range(17):
            if len(grid) == 2 and tuple(side << count for side in grid) == tuple(shape[1:]):
                return count
        raise PartError(f"a grid of {grid} cannot be doubled to items of shape {shape}")

    def build(self, grid: Grid, size: int, shape: tuple[int, ...], conditions: int) -> Assembled:
        """Convolutions ``into``, ``stages`` and ``out``."""
        if conditions:
            raise PartError("a convolutional decoder takes no conditions; use a transformer")
        nn = torch_for(self, "torch.nn")
        from tokenry.signals.conv_blocks import ResidualConv, doubled, norm

        stages = self.stages(grid, shape)
        widths = [self.channels * min(4, 2**place) for place in range(stages, -1, -1)]
        middle = [ResidualConv(widths[0]) for _ in range(self.middle)]
        layers = [nn.Sequential(nn.Conv2d(size, widths[0], 3, padding=1), *middle)]
        for given, made in pairwise(widths):
            blocks = [ResidualConv(made) for _ in range(self.blocks)]
            layers.append(nn.Sequential(doubled(given, made), *blocks))
        return assemble(
            self,
            stages=nn.ModuleList(layers),
            out=nn.Sequential(
                norm(widths[-1]), nn.SiLU(), nn.Conv2d(widths[-1], shape[0], 3, padding=1)
            ),
        )

    def forward(self, module: Assembled, given: Given) -> Decoded:
        """Values of the latents."""
        latents = given.latents
        values = latents.transpose(1, 2).reshape(len(latents), latents.shape[2], *given.grid)
        for stage in module.stages:
            values = stage(values)
        return Decoded(module.out(values))
