"""Stages of residual convolutions, each before its grid is doubled: the decoder of MaskGIT's VQGAN.

Chang et al. 2022, arXiv:2202.04200; without attention, after Esser et al. 2021 (VQGAN),
arXiv:2012.09841.
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
class StagedDecoder:
    """One pass over latents on a grid; it takes no conditions.

    Attributes:
        channels: of the last stage, where its multiple is 1.
        multiples: of each stage, from the latents on; between two the grid is doubled.
        blocks: of a stage, and before the first.
        groups: of channels that are normed together.
    """

    channels: int = 128
    multiples: tuple[int, ...] = (4, 2, 2, 1, 1)
    blocks: int = 2
    groups: int = 32

    def __post_init__(self) -> None:
        at_least(self, 1, "channels", "blocks", "groups")
        if not self.multiples or self.channels % self.groups:
            raise PartError(
                f"{self.channels} channels in groups of {self.groups}, stages {self.multiples}; "
                "expected one stage or more, and groups that divide the channels"
            )

    @property
    def width(self) -> int:
        """Channels of the last stage."""
        return self.channels * self.multiples[-1]

    def build(self, grid: Grid, size: int, shape: tuple[int, ...], conditions: int) -> Assembled:
        """Convolutions ``into``, ``middle``, ``stages``, ``doubling`` and ``out``."""
        doublings = len(self.multiples) - 1
        if conditions or tuple(side << doublings for side in grid) != tuple(shape[1:]):
            raise PartError(
                f"{len(self.multiples)} stages make no items of shape {shape} of a grid of {grid} "
                f"and {conditions} conditions"
            )
        nn = torch_for(self, "torch.nn")
        from tokenry.signals.conv_blocks import WideningConv, doubled, stage_norm

        widths = [self.channels * each for each in self.multiples]

        def stage(given: int, made: int) -> list[WideningConv]:
            inputs = [given, *[made] * (self.blocks - 1)]
            return [WideningConv(each, made, self.groups) for each in inputs]

        return assemble(
            self,
            into=nn.Conv2d(size, widths[0], 3, padding=1),
            middle=nn.Sequential(*stage(widths[0], widths[0])),
            stages=nn.ModuleList(
                nn.Sequential(*stage(*pair)) for pair in pairwise([widths[0], *widths])
            ),
            doubling=nn.ModuleList(doubled(each, each) for each in widths[:-1]),
            out=nn.Sequential(
                stage_norm(widths[-1], self.groups), nn.SiLU(),
                nn.Conv2d(widths[-1], shape[0], 3, padding=1),
            ),
        )  # fmt: skip

    def forward(self, module: Assembled, given: Given) -> Decoded:
        """Values of the latents."""
        latents = given.latents
        values = latents.transpose(1, 2).reshape(len(latents), latents.shape[2], *given.grid)
        values = module.middle(module.into(values))
        for number, stage in enumerate(module.stages):
            values = stage(values)
            if number < len(module.doubling):
                values = module.doubling[number](values)
        return Decoded(module.out(values))
