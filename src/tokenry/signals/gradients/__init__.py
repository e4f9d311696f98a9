"""Slot: how the gradient of a chosen row passes to the vector that chose it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.signals.distances import CodeDistance


class GradientPath(Protocol):
    """A frozen dataclass."""

    def passed(
        self, vectors: Tensor, chosen: Tensor, codes: Tensor, rows: Tensor, distance: CodeDistance
    ) -> Tensor:
        """The values of ``chosen`` to the last bit, with a gradient.

        Args:
            vectors: prepared, shape (n, size).
            chosen: rows of them, likewise.
            codes: their numbers, shape (n,).
            rows: all rows, shape (codes, size).
            distance: by which they were chosen.
        """
