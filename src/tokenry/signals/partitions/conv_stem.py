"""Strided convolutions: a grid of features, half as high and wide with each stage.

Esser et al. 2021 (VQGAN), arXiv:2012.09841; as a stem before a transformer: Xiao et al. 2021,
arXiv:2106.14881.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least
from tokenry.signals.features import Features, Grid

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class ConvStem:
    """Of images.

    Attributes:
        channels: of the first stage; each later one has twice as many, at most four times.
        down: pixels of a side that become one place, a power of two.
        blocks: residual blocks of a stage.
    """

    channels: int = 32
    down: int = 4
    blocks: int = 1

    def __post_init__(self) -> None:
        at_least(self, 1, "channels", "down")
        at_least(self, 0, "blocks")
        if self.down & (self.down - 1):
            raise PartError(f"down of ConvStem is {self.down}, expected a power of two")

    @property
    def widths(self) -> list[int]:
        """Channels before and after each halving."""
        stages = self.down.bit_length() - 1
        return [self.channels * min(4, 2**stage) for stage in range(stages + 1)]

    def grid(self, shape: tuple[int, ...]) -> Grid:
        """Places down and across."""
        if len(shape) != 3 or shape[1] % self.down or shape[2] % self.down:
            raise PartError(f"items of shape {shape}; ConvStem halves images to 1/{self.down}")
        return shape[1] // self.down, shape[2] // self.down

    def width(self, shape: tuple[int, ...]) -> int:
        """Channels of the last stage."""
        return self.widths[-1]

    def build(self, shape: tuple[int, ...]) -> Assembled:
        """Convolutions ``stages``."""
        self.grid(shape)
        nn = torch_for(self, "torch.nn")
        from tokenry.signals.conv_blocks import ResidualConv, halved

        widths = self.widths
        stages = [nn.Sequential(nn.Conv2d(shape[0], widths[0], 3, padding=1), *(
            ResidualConv(widths[0]) for _ in range(self.blocks)
        ))]  # fmt: skip
        for given, made in pairwise(widths):
            blocks = [ResidualConv(made) for _ in range(self.blocks)]
            stages.append(nn.Sequential(halved(given, made), *blocks))
        return assemble(self, stages=nn.ModuleList(stages))

    def maps(self, module: Assembled, values: Tensor) -> list[Tensor]:
        """What each stage gives, (batch, channels, height, width)."""
        found = []
        for stage in module.stages:
            values = stage(values)
            found.append(values)
        return found

    def forward(self, module: Assembled, values: Tensor) -> Features:
        """The last stage, shape (batch, places, channels)."""
        last = self.maps(module, values)[-1]
        return Features(last.flatten(2).transpose(1, 2), (last.shape[2], last.shape[3]))
