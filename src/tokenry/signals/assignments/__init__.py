"""Slot: which row a vector gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.signals.distances import CodeDistance


class Assignment(Protocol):
    """A frozen dataclass; in eval mode always the nearest row, so that codes are a function."""

    def choose(
        self, vectors: Tensor, rows: Tensor, distance: CodeDistance, training: bool, done: float
    ) -> Tensor:
        """Numbers of rows, shape (n,), of prepared vectors, shape (n, size)."""
