"""Noised patches beside tokens of which a prefix is kept; a learned vector stands for the others.

FlexTok (Bachmann et al. 2025), arXiv:2502.13967. It differs from `whole.WholeDenoiser` in that what
stands for a token says nothing of its place, and in that the last layer is told the time as well,
as in DiT (Peebles & Xie 2022, arXiv:2212.09748).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.blocks.adaptive import AdaptivePreNorm
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least
from tokenry.signals.features import TOLD, Features, Grid
from tokenry.signals.mask_tokens import among, learnt
from tokenry.signals.partitions import Joinable, Partition
from tokenry.signals.times import time_layers, waves
from tokenry.signals.trunks.transformer import TransformerTrunk

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.decoders import Given


@dataclass(frozen=True, kw_only=True)
class PrefixDenoiser:
    """Each step costs a pass of the trunk.

    Attributes:
        trunk: over patches, tokens and conditions; its blocks are `AdaptivePreNorm`.
        partition: of the noised values.
        waves: sines and cosines of the time.
        fastest: radians that the fastest of them goes from noise to values.
        spread: by how much the slowest is slower.
    """

    trunk: TransformerTrunk
    partition: Partition
    waves: int = 256
    fastest: float = 1.0
    spread: float = 256.0

    def __post_init__(self) -> None:
        at_least(self, 2, "waves")
        if not isinstance(self.partition, Joinable):
            raise PartError(f"{self.partition} cannot be undone, so nothing is denoised in it")
        if not isinstance(self.trunk.backbone.block, AdaptivePreNorm):
            raise PartError(
                "blocks of PrefixDenoiser are not told the time; give its trunk AdaptivePreNorm"
            )

    @property
    def width(self) -> int:
        """That of the trunk."""
        return self.trunk.width

    def build(self, grid: Grid, size: int, shape: tuple[int, ...], conditions: int) -> Assembled:
        """Rows of the tokens and what stands for one left out; the trunk and layers around it."""
        torch = torch_for(self)
        nn, patch, tokens = torch.nn, self.partition.width(shape), prod(grid)
        places = prod(self.partition.grid(shape)) + tokens + conditions
        return assemble(
            self,
            partition=self.partition.build(shape),
            into=nn.Linear(patch, self.width),
            rows=learnt(torch, tokens, self.width),
            absent=learnt(torch, 1, self.width),
            time=nn.Sequential(*time_layers(nn, self.width, self.waves), nn.SiLU()),
            trunk=self.trunk.build(size, places),
            told=nn.Linear(self.width, 2 * self.width),
            out=nn.Linear(self.width, patch),
        )

    def read(self, module: Assembled, given: Given) -> Tensor:
        """Tokens of the width of the trunk."""
        import torch

        embedded = self.trunk.embed(module.trunk, Features(given.latents)).vectors
        tokens: Tensor = embedded + module.rows
        if given.kept is None:
            return tokens
        return torch.where(given.kept[..., None], tokens, module.absent.to(tokens.dtype))

    def forward(
        self, module: Assembled, read: Tensor, given: Given, noised: Tensor, time: Tensor
    ) -> tuple[Tensor, Tensor]:
        """A pass of the trunk."""
        told = module.time(waves(time, self.waves, fastest=self.fastest, spread=self.spread))
        if TOLD in given.taps:
            told = told + given.taps[TOLD]
        patches = module.into(module.partition(noised).vectors)
        here = replace(given, taps={**given.taps, TOLD: told})
        hidden = among(module, here, patches, read)[:, : patches.shape[1]]
        shift, scale = module.told(told)[:, None].chunk(2, -1)
        made = module.out(hidden * (1 + scale) + shift)
        return self.partition.join(made, given.shape), hidden  # type: ignore[attr-defined]
