"""The nearest row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.signals.bottlenecks.lookup import best_rows
from tokenry.signals.distances import CodeDistance

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class NearestCode:
    """The first of equals."""

    def choose(
        self, vectors: Tensor, rows: Tensor, distance: CodeDistance, training: bool, done: float
    ) -> Tensor:
        """Without a table of all scores."""
        return best_rows(vectors.detach(), rows.detach(), distance.bias(rows.detach()))
