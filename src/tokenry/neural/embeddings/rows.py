"""Token rows: a learned vector for each id.

Bengio et al. 2003, JMLR 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class TokenRows:
    """A table of rows.

    Attributes:
        vocab_size: ids.
    """

    vocab_size: int

    def __post_init__(self) -> None:
        at_least(self, 1, "vocab_size")

    def build(self, width: int) -> Assembled:
        """The table is ``rows``."""
        nn = torch_for(self, "torch.nn")
        return assemble(self, rows=nn.Embedding(self.vocab_size, width))

    def forward(self, module: Assembled, ids: Tensor) -> Tensor:
        """The rows of the ids."""
        rows: Tensor = module.rows(ids)
        return rows
