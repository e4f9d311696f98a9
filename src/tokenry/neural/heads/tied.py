"""Tied rows: logits are products with the rows of the embedding.

Press & Wolf 2017, arXiv:1608.05859.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble

if TYPE_CHECKING:
    from torch import Tensor, nn

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True)
class TiedRows:
    """No parameters of its own."""

    def build(self, width: int, vocab_size: int) -> Assembled:
        """A module without parameters."""
        return assemble(self)

    def forward(
        self, module: Assembled, hidden: Tensor, embedding: nn.Module, present: Tensor | None
    ) -> Tensor:
        """Logits, shape (batch, length, vocab_size).

        Raises:
            PartError: the embedding has no table of rows.
        """
        from torch import nn

        rows = getattr(embedding, "rows", None)
        if not isinstance(rows, nn.Embedding):
            raise PartError("TiedRows needs an embedding with a table of rows; use FreeRows")
        return nn.functional.linear(hidden, rows.weight)

    def flops(self, width: int, vocab_size: int, length: int) -> int:
        """One product."""
        return 2 * width * vocab_size * length
