"""Each patch denoised by itself, told by a vector that has read everything.

UniFlow (Yue et al. 2025), arXiv:2510.10575: latents are mixed once by a transformer, then a small
network follows the flow of each patch, so a step of a sampler costs almost nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least
from tokenry.signals.features import Grid
from tokenry.signals.generators.velocity_head import VelocityHead
from tokenry.signals.mask_tokens import filled, learnt
from tokenry.signals.partitions import Joinable, Partition
from tokenry.signals.trunks import FeatureTrunk

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.decoders import Given


@dataclass(frozen=True, kw_only=True)
class EachPatchDenoiser:
    """Values of a patch flow together, those of two patches do not.

    Attributes:
        trunk: over mask tokens at the patches, latents and conditions.
        partition: into patches.
        hidden: width of the small network.
        layers: of the small network.
    """

    trunk: FeatureTrunk
    partition: Partition
    hidden: int = 128
    layers: int = 2

    def __post_init__(self) -> None:
        at_least(self, 1, "hidden", "layers")
        if not isinstance(self.partition, Joinable):
            raise PartError(f"{self.partition} cannot be undone, so nothing is denoised in it")

    @property
    def width(self) -> int:
        """That of the trunk."""
        return self.trunk.width

    def build(self, grid: Grid, size: int, shape: tuple[int, ...], conditions: int) -> Assembled:
        """The ``mask`` token, the ``trunk``, the ``partition`` and the small network ``head``."""
        torch = torch_for(self)
        patches, head = prod(self.partition.grid(shape)), VelocityHead(
            width=self.hidden, layers=self.layers
        )  # fmt: skip
        return assemble(
            self,
            mask=learnt(torch, 1, self.width),
            trunk=self.trunk.build(size, patches + prod(grid) + conditions),
            partition=self.partition.build(shape),
            head=head.build(self.partition.width(shape), self.width),
        )

    def read(self, module: Assembled, given: Given) -> Tensor:
        """A vector for each patch."""
        return filled(module, given, prod(self.partition.grid(given.shape)))

    def forward(
        self, module: Assembled, read: Tensor, given: Given, noised: Tensor, time: Tensor
    ) -> tuple[Tensor, Tensor]:
        """A pass of the small network."""
        patches = module.partition(noised).vectors
        times = time[:, None].expand(patches.shape[:2])
        made = module.head(patches, times, read)
        out = self.partition.join(made, given.shape)  # type: ignore[attr-defined]
        return out, read
