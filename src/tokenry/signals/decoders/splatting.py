"""Gaussians splatted on a map, which convolutions make an image of.

Zhang et al. 2025 (GPSToken), arXiv:2509.01109: each adds its texture where it lies, up to three
spreads from its centre.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import log
from typing import TYPE_CHECKING, Final

from tokenry.errors import PartError
from tokenry.neural.building import assemble
from tokenry.neural.parts import at_least
from tokenry.signals.decoders import Given
from tokenry.signals.decoders.convolutional import ConvDecoder
from tokenry.signals.features import Decoded, Grid
from tokenry.signals.resamplers.gaussians import GEOMETRY

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled

REACH: Final = 3.0


@dataclass(frozen=True, kw_only=True)
class SplatDecoder:
    """Reads latents of `GaussianSet`; any numbers are some Gaussians.

    Attributes:
        side: height and width of the map.
        decoder: from the map to the image.
    """

    side: int = 16
    decoder: ConvDecoder = field(default_factory=ConvDecoder)

    def __post_init__(self) -> None:
        at_least(self, 1, "side")

    @property
    def width(self) -> int:
        """Of the convolutions."""
        return self.decoder.width

    def build(self, grid: Grid, size: int, shape: tuple[int, ...], conditions: int) -> Assembled:
        """The ``decoder``."""
        if size <= GEOMETRY:
            raise PartError(f"latents of {size} numbers; a Gaussian takes {GEOMETRY} of them")
        texture = size - GEOMETRY
        decoder = self.decoder.build((self.side, self.side), texture, shape, conditions)
        return assemble(self, decoder=decoder)

    def forward(self, module: Assembled, given: Given) -> Decoded:
        """The image of the map."""
        latents = given.latents
        weights = splatted(latents[..., :GEOMETRY].float(), self.side).to(latents.dtype)
        texture = weights.transpose(1, 2) @ latents[..., GEOMETRY:]
        inner = replace(given, latents=texture, grid=(self.side, self.side), present=None)
        decoded: Decoded = module.decoder(inner)
        return decoded


def splatted(geometry: Tensor, side: int) -> Tensor:
    """What each Gaussian adds to each place of a map, shape (batch, Gaussians, side * side).

    Spreads are kept between a quarter of a place and the whole map, so that all can be seen.
    """
    import torch

    centre = geometry[..., :2].sigmoid()
    spread = geometry[..., 2:4].clamp(log(0.25 / side), 0.0).exp()
    slant = 0.99 * geometry[..., 4:5].tanh()
    steps = (torch.arange(side, device=geometry.device) + 0.5) / side
    places = torch.cartesian_prod(steps, steps)
    far = (places - centre[..., None, :]) / spread[..., None, :]
    down, across = far[..., 0], far[..., 1]
    square = (down.square() - 2 * slant * down * across + across.square()) / (1 - slant.square())
    weights: Tensor = (-0.5 * square).exp() * (square <= REACH**2)
    return weights
