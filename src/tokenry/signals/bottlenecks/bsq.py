"""Binary spherical quantization: signs of a vector on the unit sphere.

Zhao et al. 2024, arXiv:2406.07548. The error is bounded, since vector and code are both of length
one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.parts import above, at_least
from tokenry.signals.bottlenecks.signs import Signs, sign_losses, signed
from tokenry.signals.bottlenecks.straight import with_gradient_of
from tokenry.signals.bottlenecks.words import bits_of_words, words_of
from tokenry.signals.features import Quantized

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class Bsq(Signs):
    """A bit a dimension, each worth one over the root of their number.

    Attributes:
        bits: of a token.
        entropy: weight of the entropy loss.
        diversity: weight of the evenness of the mean code against the sureness of each.
        sharpness: of the probabilities of bits.
        commitment: weight of the loss that draws vectors to codes.
    """

    bits: int = 10
    entropy: float = 0.1
    diversity: float = 1.0
    sharpness: float = 10.0
    commitment: float = 0.25

    def __post_init__(self) -> None:
        at_least(self, 1, "bits")
        at_least(self, 0, "entropy", "diversity", "commitment")
        above(self, 0, "sharpness")

    def forward(self, module: Assembled, latents: Tensor, done: float) -> Quantized:
        """Onto the sphere, then signs."""
        from torch.nn import functional

        found = functional.normalize(latents.float(), dim=-1)
        bits = found > 0
        values = self._values(bits)
        chances = (found * (2 * self.sharpness * self.bits**-0.5)).sigmoid()
        weights = (self.commitment, self.entropy, self.diversity)
        losses = sign_losses(found, values, chances, weights)
        vectors = with_gradient_of(values, found).to(latents.dtype)
        return Quantized(vectors, words_of(bits), losses, soft=found)

    def vectors(self, module: Assembled, codes: Tensor, mask: Tensor | None = None) -> Tensor:
        """Corners of the cube in the sphere."""
        return self._values(bits_of_words(codes, self.bits))

    def _values(self, bits: Tensor) -> Tensor:
        values: Tensor = signed(bits) * self.bits**-0.5
        return values
