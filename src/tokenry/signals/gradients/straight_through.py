"""Straight through: the gradient of the row is that of the vector.

Bengio et al. 2013, arXiv:1308.3432.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.signals.bottlenecks.straight import with_gradient_of
from tokenry.signals.distances import CodeDistance

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class StraightThrough:
    """As if nothing had been rounded; rows get no gradient from what is decoded."""

    def passed(
        self, vectors: Tensor, chosen: Tensor, codes: Tensor, rows: Tensor, distance: CodeDistance
    ) -> Tensor:
        """``chosen`` with the gradient of ``vectors``."""
        return with_gradient_of(chosen.detach(), vectors)
