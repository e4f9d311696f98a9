"""Slot: vectors of what is told: a label, a text, frames before, an error that is good enough."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import Tensor, nn

    from tokenry.neural.assembled import Assembled


class Source(Protocol):
    """A frozen dataclass; its module is called with facts."""

    @property
    def facts(self) -> tuple[str, ...]:
        """Names of what has to be told of each item."""

    @property
    def places(self) -> int:
        """Vectors of an item."""

    def build(self, width: int) -> nn.Module:
        """The module, for vectors of this width."""

    def forward(self, module: Assembled, facts: Mapping[str, Tensor]) -> Tensor:
        """Shape (items, places, width), or (1, places, width) for what all are told."""
