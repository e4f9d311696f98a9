"""No teacher."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True)
class NoTeacher:
    """Objectives that need one say so."""

    share = 0.0

    def sizes(self, shape: tuple[int, ...]) -> tuple[tuple[str, int], ...]:
        """None."""
        return ()

    def build(self, shape: tuple[int, ...]) -> Assembled:
        """A module without weights."""
        return assemble(self)

    def lesson(self, module: Assembled, values: Tensor) -> Tensor:
        """Not to be asked for."""
        raise PartError("there is no teacher to be trained")

    def features(self, module: Assembled, values: Tensor) -> dict[str, Tensor]:
        """None."""
        return {}
