"""A convolutional autoencoder: VQGAN's with a codebook, latent diffusion's with Gaussian latents.

Esser et al. 2021, arXiv:2012.09841; Rombach et al. 2022, arXiv:2112.10752.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from tokenry.errors import PartError
from tokenry.neural.building import assemble, torch_for
from tokenry.signals.bases import Based, Sees
from tokenry.signals.bottlenecks import Bottleneck
from tokenry.signals.bottlenecks.vq import Vq
from tokenry.signals.decoders import Given, SignalDecoder
from tokenry.signals.decoders.convolutional import ConvDecoder
from tokenry.signals.features import Decoded, Features, Quantized
from tokenry.signals.partitions.conv_stem import ConvStem
from tokenry.signals.trunks.convolutional import ConvTrunk

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class Autoencoder:
    """Of images.

    Attributes:
        stem: pixels to a grid.
        trunk: over the grid.
        bottleneck: of the latents; a `Vq` gives the codec codes to predict.
        decoder: latents to pixels.
        sees: what the codec's encoder reads.
    """

    stem: ConvStem = field(default_factory=ConvStem)
    trunk: ConvTrunk = field(default_factory=ConvTrunk)
    bottleneck: Bottleneck = field(default_factory=Vq)
    decoder: SignalDecoder = field(default_factory=ConvDecoder)
    sees: Sees = "values"

    def shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Size of a latent, height and width of the grid."""
        return self.bottleneck.decoded_size, *self.stem.grid(shape)

    def seen(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Of values, of latents, or of a grid that holds both."""
        if self.sees == "values":
            return shape
        size, *grid = self.shape(shape)
        return size + (shape[0] * self.stem.down**2 if self.sees == "both" else 0), *grid

    def build(self, shape: tuple[int, ...]) -> Assembled:
        """Modules ``stem``, ``trunk``, ``out``, ``bottleneck`` and ``decoder``."""
        grid = self.stem.grid(shape)
        nn = torch_for(self, "torch.nn")
        if self.bottleneck.tokens(grid) != grid[0] * grid[1]:
            raise PartError("the bottleneck of a base has a token for each place, and no scales")
        return assemble(
            self,
            stem=self.stem.build(shape),
            trunk=self.trunk.build(self.stem.width(shape), grid[0] * grid[1]),
            out=nn.Linear(self.trunk.width, self.bottleneck.size),
            bottleneck=self.bottleneck.build(grid),
            decoder=self.decoder.build(grid, self.bottleneck.decoded_size, shape, 0),
        )

    def forward(self, module: Assembled, values: Tensor) -> Based:
        """Latents; while these are learned, also what they are decoded to."""
        features: Features = module.trunk(self.trunk.embed(module.trunk, module.stem(values)))
        quantized: Quantized = module.bottleneck(module.out(features.vectors), 1.0)
        rows = quantized.vectors.transpose(1, 2)
        latents = rows.reshape(*rows.shape[:2], *features.grid)
        book = isinstance(self.bottleneck, Vq)
        based = Based(latents, quantized.codes[..., 0] if book else None, self.rows(module))
        if not module.out.training:
            return based
        decoded = self.values(module, latents)
        return Based(latents, based.codes, based.rows, decoded, quantized.losses)

    def see(self, module: Assembled, values: Tensor, based: Based) -> Tensor:
        """As ``sees`` says; latents without a gradient."""
        import torch
        from torch.nn.functional import pixel_unshuffle

        if self.sees == "values":
            return values
        latents = based.latents.detach()
        if self.sees == "latents":
            return latents
        return torch.cat([latents, pixel_unshuffle(values, self.stem.down)], 1)

    def rows(self, module: Assembled) -> Tensor | None:
        """The codebook, where there is one."""
        vq = isinstance(self.bottleneck, Vq)
        return cast(Vq, self.bottleneck).rows(module.bottleneck) if vq else None

    def values(self, module: Assembled, latents: Tensor) -> Tensor:
        """Pixels."""
        grid = (latents.shape[2], latents.shape[3])
        rows = latents.flatten(2).transpose(1, 2)
        decoded: Decoded = module.decoder(Given(rows, grid, ()))
        return decoded.values
