"""Rows that follow the moving mean of their vectors, without a gradient.

van den Oord et al. 2017, appendix A, arXiv:1711.00937; Razavi et al. 2019, arXiv:1906.00446.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble, torch_for
from tokenry.signals.updates.together import summed

if TYPE_CHECKING:
    from torch import Tensor, nn

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class EmaRows:
    """Sums and counts decay; a row is their quotient.

    Attributes:
        decay: what is left of sums and counts after a batch. 1 forgets nothing: mini-batch k-means
            (Sculley 2010), in which a row is the mean of all vectors that ever chose it.
        smoothing: added to the counts.
        spread: standard deviation of rows at the start.
    """

    decay: float = 0.99
    smoothing: float = 1e-5
    spread: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.decay <= 1:
            raise PartError(f"decay of EmaRows is {self.decay!r}, expected 0 to 1")

    def build(self, codes: int, size: int) -> Assembled:
        """What is saved but learns by no gradient: ``table``, ``counts``, ``sums``."""
        torch = torch_for(self)
        table = torch.randn(codes, size) * self.spread

        def kept(tensor: Tensor) -> Tensor:
            parameter: Tensor = torch.nn.Parameter(tensor, requires_grad=False)
            return parameter

        return assemble(
            self, table=kept(table), counts=kept(torch.ones(codes)), sums=kept(table.clone())
        )

    def rows(self, module: nn.Module) -> Tensor:
        """The table."""
        table: Tensor = module.table  # type: ignore[assignment]
        return table

    def loss(self, chosen: Tensor, vectors: Tensor) -> Tensor:
        """None."""
        return chosen.new_zeros(())

    def observe(self, module: nn.Module, vectors: Tensor, codes: Tensor) -> None:
        """Add a batch, over all processes, and divide."""
        import torch

        counts: Tensor = module.counts  # type: ignore[assignment]
        sums: Tensor = module.sums  # type: ignore[assignment]
        with torch.no_grad():
            fresh = 1.0 if self.decay == 1 else 1 - self.decay
            seen = summed(torch.bincount(codes, minlength=len(counts)).to(counts.dtype))
            added = summed(torch.zeros_like(sums).index_add_(0, codes, vectors.to(sums.dtype)))
            counts.mul_(self.decay).add_(seen, alpha=fresh)
            sums.mul_(self.decay).add_(added, alpha=fresh)
            self.rows(module).copy_(sums / (counts + self.smoothing)[:, None])

    def replace(self, module: nn.Module, which: Tensor, vectors: Tensor, shares: Tensor) -> None:
        """In the table; what was summed so far counts once."""
        import torch

        counts: Tensor = module.counts  # type: ignore[assignment]
        sums: Tensor = module.sums  # type: ignore[assignment]
        with torch.no_grad():
            table = self.rows(module)
            moved = torch.lerp(table[which], vectors.to(table.dtype), shares)
            table[which], sums[which], counts[which] = moved, moved, torch.ones_like(counts[which])
