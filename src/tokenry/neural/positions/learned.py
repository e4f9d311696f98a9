"""Learned positions: a row for each place, added to what stands there.

Gehring et al. 2017, arXiv:1705.03122.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class Learned:
    """Rows of positions.

    Attributes:
        context: places that have a row; there is no text beyond them.
    """

    context: int

    movable = False

    def __post_init__(self) -> None:
        at_least(self, 1, "context")

    def build(self, width: int) -> Assembled:
        """A module that adds the rows."""
        nn = torch_for(self, "torch.nn")
        return assemble(self, rows=nn.Embedding(self.context, width))

    def forward(self, module: Assembled, x: Tensor, at: Tensor) -> Tensor:
        """``x`` and the rows of its places.

        Raises:
            PartError: a place has no row.
        """
        if at.device.type != "meta" and at.numel() and int(at.max()) >= self.context:
            raise PartError(f"position {int(at.max())} is beyond the context of {self.context}")
        added: Tensor = x + module.rows(at.long())
        return added

    def turns(self, at: Tensor, head_size: int) -> None:
        """Nothing is rotated."""
