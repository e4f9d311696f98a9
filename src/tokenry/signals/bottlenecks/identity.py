"""No bottleneck: latents are numbers of half precision, and cost almost sixteen bits each.

What continuous tokenizers keep (ViTok, Hansen-Estruch et al. 2025, arXiv:2501.09755, with a
KL beside).
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
class ContinuousLatents:
    """A slot a dimension.

    Attributes:
        size: dimensions.
    """

    size: int = 16

    def __post_init__(self) -> None:
        at_least(self, 1, "size")

    @property
    def decoded_size(self) -> int:
        """The same."""
        return self.size

    @property
    def levels(self) -> tuple[int, ...]:
        """All finite numbers of half precision, each."""
        return (LEVELS,) * self.size

    def tokens(self, grid: Grid) -> int:
        """One a place."""
        return prod(grid)

    def build(self, grid: Grid = ()) -> Assembled:
        """A module without weights."""
        return assemble(self)

    def forward(self, module: Assembled, latents: Tensor, done: float) -> Quantized:
        """Rounded to half precision."""
        codes = code_of_half(latents.detach())
        vectors = with_gradient_of(half_of_code(codes), latents.float())
        return Quantized(vectors.to(latents.dtype), codes, soft=latents)

    def vectors(self, module: Assembled, codes: Tensor, mask: Tensor | None = None) -> Tensor:
        """Numbers of codes."""
        return half_of_code(codes)
