"""No positions: a causal mask alone tells places apart.

Haviv et al. 2022, arXiv:2203.16634; Kazemnejad et al. 2023, arXiv:2305.19466.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True)
class NoPositions:
    """Nothing is added and nothing rotated."""

    movable = True

    def build(self, width: int) -> Assembled:
        """A module that leaves vectors as they are."""
        return assemble(self)

    def forward(self, module: Assembled, x: Tensor, at: Tensor) -> Tensor:
        """``x`` as it is."""
        return x

    def turns(self, at: Tensor, head_size: int) -> None:
        """Nothing is rotated."""
