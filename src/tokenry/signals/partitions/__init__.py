"""Slot: how values are cut into places, and, where that can be undone, joined again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from torch import Tensor, nn

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import Features, Grid


class Partition(Protocol):
    """A frozen dataclass. ``shape`` is that of an item: (channels, height, width), or longer."""

    def grid(self, shape: tuple[int, ...]) -> Grid:
        """Sizes of the grid of places; of places without order their number alone.

        Raises:
            PartError: items of this shape cannot be cut so.
        """

    def width(self, shape: tuple[int, ...]) -> int:
        """Of the vector of a place."""

    def build(self, shape: tuple[int, ...]) -> nn.Module:
        """A module of values, (batch, \\*shape), to `Features`."""


@runtime_checkable
class Joinable(Protocol):
    """A partition that can be undone: ``join`` gives values of the vectors of its places."""

    def join(self, vectors: Tensor, shape: tuple[int, ...]) -> Tensor:
        """Values, (batch, \\*shape), of vectors, (batch, places, width)."""

    def forward(self, module: Assembled, values: Tensor) -> Features:
        """Vectors of values."""
