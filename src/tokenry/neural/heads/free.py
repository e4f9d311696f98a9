"""Free rows: logits are products with rows of the head's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble, torch_for

if TYPE_CHECKING:
    from torch import Tensor, nn

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class FreeRows:
    """Rows that are not those of the embedding.

    Attributes:
        bias: whether a number is added to the logits of each id.
    """

    bias: bool = False

    def build(self, width: int, vocab_size: int) -> Assembled:
        """The rows are ``rows.weight``, shape (vocab_size, width)."""
        nn = torch_for(self, "torch.nn")
        return assemble(self, rows=nn.Linear(width, vocab_size, bias=self.bias))

    def forward(
        self, module: Assembled, hidden: Tensor, embedding: nn.Module, present: Tensor | None
    ) -> Tensor:
        """Logits, shape (batch, length, vocab_size)."""
        logits: Tensor = module.rows(hidden)
        return logits

    def flops(self, width: int, vocab_size: int, length: int) -> int:
        """One product."""
        return 2 * width * vocab_size * length
