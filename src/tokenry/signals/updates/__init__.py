"""Slot: how the rows of a codebook are kept and how they learn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import Tensor, nn


class RowUpdate(Protocol):
    """A frozen dataclass."""

    def build(self, codes: int, size: int) -> nn.Module:
        """The module of the rows."""

    def rows(self, module: nn.Module) -> Tensor:
        """Shape (codes, size), before the distance prepares them."""

    def loss(self, chosen: Tensor, vectors: Tensor) -> Tensor:
        """What draws rows to the vectors that chose them; zero where rows do not learn so."""

    def observe(self, module: nn.Module, vectors: Tensor, codes: Tensor) -> None:
        """Told of each batch in training: prepared vectors, shape (n, size), and their codes."""

    def replace(self, module: nn.Module, which: Tensor, vectors: Tensor, shares: Tensor) -> None:
        """Move rows towards vectors, for a revival.

        Args:
            module: of this part.
            which: numbers of rows, shape (n,).
            vectors: where to, shape (n, size).
            shares: how far, shape (n, 1); 1 puts the row there.
        """
