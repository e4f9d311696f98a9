"""Slot: how near a vector is to a row of a codebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import Tensor


class CodeDistance(Protocol):
    """A frozen dataclass; nearness is ``vector @ row + bias(row)``, the more the nearer."""

    def prepared(self, vectors: Tensor) -> Tensor:
        """Vectors or rows as they are compared, and decoded."""

    def bias(self, rows: Tensor) -> Tensor:
        """Of prepared rows, shape (codes,)."""
