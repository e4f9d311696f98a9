"""Bernoulli bits: drawn in training by the sigmoid of a dimension, which sharpens to a sign.

Wang et al. 2023 (binary latent diffusion), arXiv:2304.04820; Instella-T2I (2025), arXiv:2506.21022,
whose 128 vectors of 64 bits need no codebook.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.parts import above, at_least
from tokenry.signals.bottlenecks.signs import Signs, signed
from tokenry.signals.bottlenecks.straight import with_gradient_of
from tokenry.signals.bottlenecks.words import bits_of_words, words_of
from tokenry.signals.features import Quantized

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class BernoulliBits(Signs):
    """A bit a dimension, decoded as -1 and 1.

    Attributes:
        bits: of a token.
        start: temperature of the sigmoid at the start of a stage.
        end: at its end; it falls geometrically.
    """

    bits: int = 16
    start: float = 1.0
    end: float = 0.1

    def __post_init__(self) -> None:
        at_least(self, 1, "bits")
        above(self, 0, "start", "end")

    def forward(self, module: Assembled, latents: Tensor, done: float) -> Quantized:
        """Drawn in training, the likelier value in eval mode; the gradient is the chance's."""
        temperature = self.start * (self.end / self.start) ** done
        chances = (latents.float() / temperature).sigmoid()
        drawn = chances.detach().bernoulli() if module.training else chances
        bits = drawn > 0.5
        soft = chances * 2 - 1
        vectors = with_gradient_of(signed(bits), soft).to(latents.dtype)
        return Quantized(vectors, words_of(bits), soft=soft)

    def vectors(self, module: Assembled, codes: Tensor, mask: Tensor | None = None) -> Tensor:
        """-1 and 1 of words."""
        return signed(bits_of_words(codes, self.bits))
