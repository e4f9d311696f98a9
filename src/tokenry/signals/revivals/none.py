"""No revival: a row that is never chosen stays where it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble
from tokenry.signals.updates import RowUpdate

if TYPE_CHECKING:
    from torch import Tensor, nn

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True)
class NoRevival:
    """Nothing is remembered."""

    def build(self, codes: int) -> Assembled:
        """A module without weights."""
        return assemble(self)

    def revive(
        self, module: nn.Module, book: nn.Module, update: RowUpdate, vectors: Tensor, codes: Tensor
    ) -> None:
        """Nothing."""
