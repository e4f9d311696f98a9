"""Lookup-free quantization: a code is the signs of the dimensions.

Yu et al. 2023 (MAGVIT-v2), arXiv:2310.05737.
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
class Lfq(Signs):
    """A bit a dimension; words of sixteen bits are slots.

    No table of all codes is made, so 64 bits cost four times as much as 16.

    Attributes:
        bits: of a token.
        entropy: weight of the entropy loss: each code sure, their mean even.
        diversity: weight of the second of these against the first.
        sharpness: of the probabilities.
        commitment: weight of the loss that draws dimensions to -1 and 1.
    """

    bits: int = 10
    entropy: float = 0.1
    diversity: float = 1.0
    sharpness: float = 4.0
    commitment: float = 0.25

    def __post_init__(self) -> None:
        at_least(self, 1, "bits")
        at_least(self, 0, "entropy", "diversity", "commitment")
        above(self, 0, "sharpness")

    def forward(self, module: Assembled, latents: Tensor, done: float) -> Quantized:
        """Signs, and the gradient straight through."""
        found = latents.float()
        bits = found > 0
        values = signed(bits)
        chances = (found * self.sharpness).sigmoid()
        weights = (self.commitment, self.entropy, self.diversity)
        losses = sign_losses(found, values, chances, weights)
        vectors = with_gradient_of(values, found).to(latents.dtype)
        return Quantized(vectors, words_of(bits), losses, soft=found)

    def vectors(self, module: Assembled, codes: Tensor, mask: Tensor | None = None) -> Tensor:
        """-1 and 1 of words."""
        return signed(bits_of_words(codes, self.bits))
