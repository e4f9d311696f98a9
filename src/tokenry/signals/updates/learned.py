"""Rows that learn by gradient, drawn to the vectors that chose them.

van den Oord et al. 2017, arXiv:1711.00937.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least
from tokenry.signals.bottlenecks.straight import mean_square

if TYPE_CHECKING:
    from torch import Tensor, nn

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class LearnedRows:
    """The optimizer's.

    Attributes:
        weight: of the loss.
        spread: rows start uniform within it on both sides; None: one over their number.
    """

    weight: float = 1.0
    spread: float | None = None

    def __post_init__(self) -> None:
        at_least(self, 0, "weight", "spread")

    def build(self, codes: int, size: int) -> Assembled:
        """The parameter ``table``."""
        torch = torch_for(self)
        spread = 1.0 / codes if self.spread is None else self.spread
        return assemble(self, table=torch.nn.Parameter((torch.rand(codes, size) * 2 - 1) * spread))

    def rows(self, module: nn.Module) -> Tensor:
        """The table."""
        table: Tensor = module.table  # type: ignore[assignment]
        return table

    def loss(self, chosen: Tensor, vectors: Tensor) -> Tensor:
        """Mean square."""
        return self.weight * mean_square(chosen, vectors)

    def observe(self, module: nn.Module, vectors: Tensor, codes: Tensor) -> None:
        """Nothing: gradients say it."""

    def replace(self, module: nn.Module, which: Tensor, vectors: Tensor, shares: Tensor) -> None:
        """In the table."""
        import torch

        with torch.no_grad():
            table = self.rows(module)
            table[which] = torch.lerp(table[which], vectors.to(table.dtype), shares)
