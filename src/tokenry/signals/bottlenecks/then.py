"""One bottleneck, then another: a Gaussian latent that is quantized, for instance.

Zhang et al. 2024 (VAT), arXiv:2412.02202.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble
from tokenry.signals.bottlenecks import Bottleneck
from tokenry.signals.features import Grid, Quantized

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class Then:
    """Losses of both, codes of the second.

    Attributes:
        first: shapes the latents; what it would write is not kept.
        second: quantizes them.
    """

    first: Bottleneck
    second: Bottleneck

    def __post_init__(self) -> None:
        if self.first.decoded_size != self.second.size:
            raise PartError(
                f"the first gives vectors of {self.first.decoded_size}, the second takes "
                f"{self.second.size}; expected as many"
            )

    @property
    def size(self) -> int:
        """Of the first."""
        return self.first.size

    @property
    def decoded_size(self) -> int:
        """Of the second."""
        return self.second.decoded_size

    @property
    def levels(self) -> tuple[int, ...]:
        """Of the second."""
        return self.second.levels

    def tokens(self, grid: Grid) -> int:
        """Of the second."""
        return self.second.tokens(grid)

    def build(self, grid: Grid = ()) -> Assembled:
        """Modules ``first`` and ``second``."""
        return assemble(self, first=self.first.build(grid), second=self.second.build(grid))

    def forward(self, module: Assembled, latents: Tensor, done: float) -> Quantized:
        """One after the other."""
        between: Quantized = module.first(latents, done)
        found: Quantized = module.second(between.vectors, done)
        return found.having(losses={**between.losses, **found.losses})

    def vectors(self, module: Assembled, codes: Tensor, mask: Tensor | None = None) -> Tensor:
        """Of the second."""
        return self.second.vectors(module.second, codes, mask)
