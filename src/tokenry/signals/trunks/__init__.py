"""Slot: what mixes and deepens the vectors of places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import nn

    from tokenry.neural.assembled import Assembled
    from tokenry.neural.topologies import Topology
    from tokenry.signals.features import Features, Grid


class FeatureTrunk(Protocol):
    """A frozen dataclass; its module first embeds, then, with more places perhaps, runs."""

    @property
    def width(self) -> int:
        """Of the vectors that it gives."""

    def grid(self, grid: Grid) -> Grid:
        """Of the places after it, where those before it have this grid."""

    def build(self, features: int, places: int) -> nn.Module:
        """The module.

        Args:
            features: width of the vectors that are embedded.
            places: that it runs over, registers and conditions included.
        """

    def embed(self, module: Assembled, features: Features) -> Features:
        """Vectors of the width of the trunk, or what its first block takes."""

    def forward(
        self, module: Assembled, features: Features, topology: Topology | None = None
    ) -> Features:
        """Vectors of the same places, or of those of `grid`."""
