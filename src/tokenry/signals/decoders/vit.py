"""A vision transformer: a mask token at each patch, the latents behind, and of the patches pixels.

Yu et al. 2024 (TiTok), arXiv:2406.07550, after masked autoencoders (He et al. 2021,
arXiv:2111.06377).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

from tokenry.errors import PartError
from tokenry.neural.building import assemble, torch_for
from tokenry.signals.decoders import Given
from tokenry.signals.features import Decoded, Grid
from tokenry.signals.mask_tokens import filled, learnt
from tokenry.signals.partitions import Joinable, Partition
from tokenry.signals.trunks import FeatureTrunk

if TYPE_CHECKING:
    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class ViTDecoder:
    """One pass; the same latents are always the same values.

    Attributes:
        trunk: over patches, latents and conditions, in this order.
        partition: that its patches are joined by.
        masks: whether patches are mask tokens before the latents; else the latents are the patches,
            which have to be as many: half the places, and nothing to be found first.
        idle: learned vectors at the end that nobody reads.
        kernel: of a last convolution over the joined values, which smooths edges of patches; 0:
            none.
    """

    trunk: FeatureTrunk
    partition: Partition
    masks: bool = True
    idle: int = 0
    kernel: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.partition, Joinable):
            raise PartError(f"{self.partition} cannot be undone, so no decoder ends with it")

    @property
    def width(self) -> int:
        """That of the trunk."""
        return self.trunk.width

    def spots(self, grid: Grid, shape: tuple[int, ...]) -> tuple[Grid, ...]:
        """Patches if they are mask tokens, then latents."""
        return (self.partition.grid(shape), grid) if self.masks else (grid,)

    def build(self, grid: Grid, size: int, shape: tuple[int, ...], conditions: int) -> Assembled:
        """The ``mask`` token if there is one, the ``trunk`` and the linear layer ``out``."""
        torch = torch_for(self)
        patches = self.partition.grid(shape)
        if not self.masks and patches != grid:
            raise PartError(f"latents of {grid} for patches of {patches}; without masks one each")
        kernel = (self.kernel, shape[0]) if self.kernel else None
        return assemble(
            self,
            mask=learnt(torch, int(self.masks), self.width),
            idle=learnt(torch, self.idle, self.width),
            trunk=self.trunk.build(
                size, self.masks * prod(patches) + prod(grid) + conditions + self.idle
            ),
            out=torch.nn.Linear(self.width, self.partition.width(shape)),
            smooth=convolution(torch.nn, len(shape) - 1, kernel),
        )

    def forward(self, module: Assembled, given: Given) -> Decoded:
        """Values of the patches."""
        patches = prod(self.partition.grid(given.shape))
        hidden = filled(module, given, patches)
        values = self.partition.join(module.out(hidden), given.shape)  # type: ignore[attr-defined]
        return Decoded(module.smooth(values), taps={"patches": hidden})


def convolution(nn: Any, axes: int, kernel: tuple[int, int] | None) -> Any:
    """A convolution of that size and as many channels in as out, or nothing."""
    if kernel is None:
        return nn.Identity()
    size, channels = kernel
    return getattr(nn, f"Conv{axes}d")(channels, channels, size, padding=size // 2)
