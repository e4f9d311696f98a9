"""Lookup-free quantization: a code is the signs of the dimensions.

Yu et al. 2023 (MAGVIT-v2), arXiv:2310.05737.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble
from tokenry.neural.parts import above, at_least
from tokenry.signals.bottlenecks.straight import mean_square, with_gradient_of
from tokenry.signals.bottlenecks.words import binary_entropy, bits_of_words, word_levels, words_of
from tokenry.signals.features import Grid, Quantized

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class Lfq:
    """A bit a dimension; words of sixteen bits are slots.

    With a probability a bit, both entropies are sums over bits, that of the mean code as an upper
    bound: no table of all codes is made, so 64 bits cost four times as much as 16.

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

    @property
    def size(self) -> int:
        """A dimension a bit."""
        return self.bits

    @property
    def decoded_size(self) -> int:
        """The same."""
        return self.bits

    @property
    def levels(self) -> tuple[int, ...]:
        """Of words."""
        return word_levels(self.bits)

    def tokens(self, grid: Grid) -> int:
        """One a place."""
        return prod(grid)

    def build(self, grid: Grid = ()) -> Assembled:
        """A module without weights."""
        return assemble(self)

    def forward(self, module: Assembled, latents: Tensor, done: float) -> Quantized:
        """Signs, and the gradient straight through."""
        found = latents.float()
        bits = found > 0
        values = self._values(bits)
        sure, even = entropies((found * self.sharpness).sigmoid())
        losses = {
            "commitment": self.commitment * mean_square(found, values),
            "entropy": self.entropy * (sure - self.diversity * even),
        }
        vectors = with_gradient_of(values, found).to(latents.dtype)
        return Quantized(vectors, words_of(bits), losses, soft=found)

    def vectors(self, module: Assembled, codes: Tensor, mask: Tensor | None = None) -> Tensor:
        """-1 and 1 of words."""
        return self._values(bits_of_words(codes, self.bits))

    def _values(self, bits: Tensor) -> Tensor:
        return bits.float() * 2 - 1


def entropies(chances: Tensor) -> tuple[Tensor, Tensor]:
    """Nats a token of its own bits, and of the mean bits of all, from chances of bits."""
    flat = chances.flatten(0, -2)
    return binary_entropy(flat).sum(-1).mean(), binary_entropy(flat.mean(0)).sum()
