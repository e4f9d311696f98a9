"""Noised patches and latents in one transformer, whose norms are told the time.

Peebles & Xie 2022 (DiT), arXiv:2212.09748; behind registers in FlexTok (Bachmann et al. 2025),
arXiv:2502.13967.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.blocks.adaptive import AdaptivePreNorm
from tokenry.neural.building import assemble, torch_for
from tokenry.signals.features import TOLD, Features, Grid
from tokenry.signals.mask_tokens import among
from tokenry.signals.partitions import Joinable, Partition
from tokenry.signals.times import time_layers, waves
from tokenry.signals.trunks.transformer import TransformerTrunk

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.decoders import Given


@dataclass(frozen=True, kw_only=True)
class WholeDenoiser:
    """Each step costs a pass of the trunk.

    Attributes:
        trunk: over patches, latents and conditions; its blocks are `AdaptivePreNorm`.
        partition: of the noised values.
    """

    trunk: TransformerTrunk
    partition: Partition

    def __post_init__(self) -> None:
        if not isinstance(self.partition, Joinable):
            raise PartError(f"{self.partition} cannot be undone, so nothing is denoised in it")
        if not isinstance(self.trunk.backbone.block, AdaptivePreNorm):
            raise PartError(
                "blocks of WholeDenoiser are not told the time; give its trunk AdaptivePreNorm"
            )

    @property
    def width(self) -> int:
        """That of the trunk."""
        return self.trunk.width

    def build(self, grid: Grid, size: int, shape: tuple[int, ...], conditions: int) -> Assembled:
        """The ``partition``, layers ``into``, ``time`` and ``out``, and the ``trunk``."""
        nn = torch_for(self, "torch.nn")
        patch = self.partition.width(shape)
        return assemble(
            self,
            partition=self.partition.build(shape),
            into=nn.Linear(patch, self.width),
            time=time_layers(nn, self.width),
            trunk=self.trunk.build(
                size, prod(self.partition.grid(shape)) + prod(grid) + conditions
            ),
            out=nn.Linear(self.width, patch),
        )

    def read(self, module: Assembled, given: Given) -> Tensor:
        """Latents of the width of the trunk."""
        embedded: Tensor = self.trunk.embed(module.trunk, Features(given.latents)).vectors
        return embedded

    def forward(
        self, module: Assembled, read: Tensor, given: Given, noised: Tensor, time: Tensor
    ) -> tuple[Tensor, Tensor]:
        """A pass of the trunk."""
        told = module.time(waves(time))
        if TOLD in given.taps:
            told = told + given.taps[TOLD]
        patches = module.into(module.partition(noised).vectors)
        here = replace(given, taps={**given.taps, TOLD: told})
        hidden = among(module, here, patches, read)[:, : patches.shape[1]]
        out = self.partition.join(module.out(hidden), given.shape)  # type: ignore[attr-defined]
        return out, hidden
