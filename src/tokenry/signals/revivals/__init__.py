"""Slot: what becomes of rows that no vector chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import Tensor, nn

    from tokenry.signals.updates import RowUpdate


class Revival(Protocol):
    """A frozen dataclass."""

    def build(self, codes: int) -> nn.Module:
        """The module that remembers how often rows are chosen."""

    def revive(
        self, module: nn.Module, book: nn.Module, update: RowUpdate, vectors: Tensor, codes: Tensor
    ) -> None:
        """Told of each batch in training.

        Args:
            module: of this part.
            book: of the rows.
            update: whose ``replace`` moves them.
            vectors: of the batch, before the distance prepares them, shape (n, size).
            codes: what they chose, shape (n,).
        """
