"""Codes that are signs: a bit a dimension, and what draws vectors to them."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble
from tokenry.signals.bottlenecks.straight import mean_square
from tokenry.signals.bottlenecks.words import binary_entropy, word_levels
from tokenry.signals.features import Grid

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


class Signs:
    """The layout of a bottleneck of signs, which is a frozen dataclass with a field ``bits``."""

    bits: int

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


def signed(bits: Tensor) -> Tensor:
    """-1 and 1 of truth values."""
    return bits.float() * 2 - 1


def sign_losses(
    found: Tensor, values: Tensor, chances: Tensor, weights: tuple[float, float, float]
) -> dict[str, Tensor]:
    """What draws vectors to their signs, and makes each sure and their mean even.

    With a probability a bit, both entropies are sums over bits, that of the mean code as an upper
    bound: no table of all codes is made.

    Args:
        found: vectors.
        values: what their signs are decoded to.
        chances: of each bit to be set.
        weights: of the commitment, of the entropy, and of evenness against sureness.
    """
    commitment, entropy, diversity = weights
    flat = chances.flatten(0, -2)
    sure = binary_entropy(flat).sum(-1).mean()  # nats a token of its own bits
    even = binary_entropy(flat.mean(0)).sum()  # and of the mean bits of all
    return {
        "commitment": commitment * mean_square(found, values),
        "entropy": entropy * (sure - diversity * even),
    }
