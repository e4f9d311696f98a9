"""SimVQ: rows are fixed vectors through one learned linear layer, so that all move together.

Zhu et al. 2024, arXiv:2411.02038.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble, torch_for
from tokenry.signals.bottlenecks.straight import mean_square

if TYPE_CHECKING:
    from torch import Tensor, nn

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class SimVqRows:
    """No row is ever left behind, since the layer moves them all.

    Attributes:
        weight: of the loss that draws rows to vectors.
        spread: standard deviation of the fixed vectors; None: one over the root of their size.
    """

    weight: float = 1.0
    spread: float | None = None

    def build(self, codes: int, size: int) -> Assembled:
        """The fixed ``table`` and the layer ``turn``."""
        torch = torch_for(self)
        spread = size**-0.5 if self.spread is None else self.spread
        table = torch.nn.Parameter(torch.randn(codes, size) * spread, requires_grad=False)
        return assemble(self, table=table, turn=torch.nn.Linear(size, size, bias=False))

    def rows(self, module: nn.Module) -> Tensor:
        """The table through the layer."""
        rows: Tensor = module.turn(module.table)  # type: ignore[operator]
        return rows

    def loss(self, chosen: Tensor, vectors: Tensor) -> Tensor:
        """Mean square."""
        return self.weight * mean_square(chosen, vectors)

    def observe(self, module: nn.Module, vectors: Tensor, codes: Tensor) -> None:
        """Nothing: gradients say it."""

    def replace(self, module: nn.Module, which: Tensor, vectors: Tensor, shares: Tensor) -> None:
        """Nothing: rows have no place of their own."""
