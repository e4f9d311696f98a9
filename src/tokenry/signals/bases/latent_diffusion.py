"""The autoencoder of latent diffusion as diffusers runs it, for weights that were released so.

Rombach et al. 2022, arXiv:2112.10752. To train one, `autoencoder.Autoencoder` is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.extras import importing
from tokenry.neural.building import assemble
from tokenry.neural.parts import at_least
from tokenry.signals.bases import Based

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class LatentDiffusionVae:
    """``AutoencoderKL`` of diffusers; latents are the means, so encoding draws nothing.

    Attributes:
        size: channels of a latent.
        channels: of each level, the finest first; each level but the first is half as large.
        blocks: of a level.
        scaling: what latents are multiplied by, so that their variance is about one.
        mixed: whether a layer at each place stands behind the encoder and before the decoder.
    """

    size: int = 16
    channels: tuple[int, ...] = (128, 256, 512, 512)
    blocks: int = 2
    scaling: float = 1.0
    mixed: bool = True

    def __post_init__(self) -> None:
        at_least(self, 1, "size", "blocks")

    def shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Size of a latent, height and width of the grid."""
        down: int = 2 ** (len(self.channels) - 1)
        return self.size, *(each // down for each in shape[1:])

    def seen(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """That of latents."""
        return self.shape(shape)

    def build(self, shape: tuple[int, ...]) -> Assembled:
        """The module ``vae``.

        Raises:
            MissingExtraError: diffusers is not installed.
        """
        with importing("diffusers", "the autoencoder of latent diffusion"):
            from diffusers import AutoencoderKL
        levels = len(self.channels)
        vae = AutoencoderKL(
            in_channels=shape[0], out_channels=shape[0], latent_channels=self.size,
            down_block_types=("DownEncoderBlock2D",) * levels,
            up_block_types=("UpDecoderBlock2D",) * levels,
            block_out_channels=self.channels, layers_per_block=self.blocks,
            use_quant_conv=self.mixed, use_post_quant_conv=self.mixed,
        )  # fmt: skip
        return assemble(self, vae=vae)

    def forward(self, module: Assembled, values: Tensor) -> Based:
        """Latents."""
        return Based(module.vae.encode(values).latent_dist.mode() * self.scaling)

    def see(self, module: Assembled, values: Tensor, based: Based) -> Tensor:
        """Latents without a gradient."""
        return based.latents.detach()

    def rows(self, module: Assembled) -> None:
        """There is no codebook."""

    def values(self, module: Assembled, latents: Tensor) -> Tensor:
        """Pixels."""
        made: Tensor = module.vae.decode(latents / self.scaling).sample
        return made
