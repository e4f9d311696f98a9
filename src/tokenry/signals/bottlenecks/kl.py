"""A Gaussian latent, drawn in training, held near the standard one by a divergence.

Kingma & Welling 2013, arXiv:1312.6114; of images in latent diffusion (Rombach et al. 2022,
arXiv:2112.10752).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble
from tokenry.neural.parts import at_least
from tokenry.signals.bottlenecks.halves import LEVELS, code_of_half, half_of_code
from tokenry.signals.bottlenecks.straight import with_gradient_of
from tokenry.signals.features import Grid, Quantized

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class KlLatents:
    """Takes means and logarithms of variances, gives half as many numbers; codes are of means.

    Attributes:
        channels: numbers of a latent.
        weight: of the divergence, in nats a token.
    """

    channels: int = 16
    weight: float = 1e-6

    def __post_init__(self) -> None:
        at_least(self, 1, "channels")
        at_least(self, 0, "weight")

    @property
    def size(self) -> int:
        """A mean and a variance each."""
        return 2 * self.channels

    @property
    def decoded_size(self) -> int:
        """A number each."""
        return self.channels

    @property
    def levels(self) -> tuple[int, ...]:
        """All finite numbers of half precision, each."""
        return (LEVELS,) * self.channels

    def tokens(self, grid: Grid) -> int:
        """One a place."""
        return prod(grid)

    def build(self, grid: Grid = ()) -> Assembled:
        """A module without weights."""
        return assemble(self)

    def forward(self, module: Assembled, latents: Tensor, done: float) -> Quantized:
        """Drawn in training, the mean in eval mode."""
        import torch

        mean, spread = latents.float().chunk(2, -1)
        spread = spread.clamp(-30, 20)
        divergence = 0.5 * (mean.square() + spread.exp() - 1 - spread).sum(-1).mean()
        codes = code_of_half(mean.detach())
        vectors = with_gradient_of(half_of_code(codes), mean)
        if module.training:
            vectors = mean + (0.5 * spread).exp() * torch.randn_like(mean)
        losses = {"divergence": self.weight * divergence}
        return Quantized(vectors.to(latents.dtype), codes, losses, soft=mean)

    def vectors(self, module: Assembled, codes: Tensor, mask: Tensor | None = None) -> Tensor:
        """Means of codes."""
        return half_of_code(codes)
