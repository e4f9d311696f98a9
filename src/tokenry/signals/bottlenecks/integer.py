"""Integers: each dimension is cut off at -1 and 1 and rounded to evenly spaced levels.

What an action or a field of a record is, and what FSQ is without its squash.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble
from tokenry.neural.parts import at_least
from tokenry.signals.bottlenecks.straight import with_gradient_of
from tokenry.signals.features import Grid, Quantized

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class Integers:
    """A slot a dimension.

    Attributes:
        steps: levels of a dimension.
        size: dimensions.
    """

    steps: int = 256
    size: int = 4

    def __post_init__(self) -> None:
        at_least(self, 2, "steps")
        at_least(self, 1, "size")

    @property
    def decoded_size(self) -> int:
        """The same."""
        return self.size

    @property
    def levels(self) -> tuple[int, ...]:
        """As many of each."""
        return (self.steps,) * self.size

    def tokens(self, grid: Grid) -> int:
        """One a place."""
        return prod(grid)

    def build(self, grid: Grid = ()) -> Assembled:
        """A module without weights."""
        return assemble(self)

    def forward(self, module: Assembled, latents: Tensor, done: float) -> Quantized:
        """The nearest level; the gradient is that of what was cut off."""
        cut = latents.float().clamp(-1, 1)
        codes = ((cut.detach() + 1) * ((self.steps - 1) / 2)).round().long()
        codes = codes.clamp(0, self.steps - 1)
        vectors = with_gradient_of(self._values(codes), cut).to(latents.dtype)
        return Quantized(vectors, codes, soft=cut)

    def vectors(self, module: Assembled, codes: Tensor, mask: Tensor | None = None) -> Tensor:
        """Values from -1 to 1."""
        return self._values(codes)

    def _values(self, codes: Tensor) -> Tensor:
        return codes.float() * (2 / (self.steps - 1)) - 1
