"""Slot: from the places of a partition to those of the latent layout, and their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from torch import nn

    from tokenry.neural.assembled import Assembled
    from tokenry.neural.topologies import Topology
    from tokenry.signals.features import Features, Grid

Order = Literal["none", "raster", "nested", "causal", "scale", "depth"]
"""Of the latent places: a set, rows of a grid, prefixes that decode, each seeing those before it,
scales one after another, depths one after another."""


class Resampler(Protocol):
    """A frozen dataclass. It may add places before the trunk runs, and takes latents after it."""

    @property
    def order(self) -> Order:
        """Of the latents."""

    def added(self, grid: Grid) -> int:
        """Places that `enter` adds to those of a grid."""

    def grid(self, grid: Grid) -> Grid:
        """Of the latents, where the trunk's places have this grid; (n,) for a row of n."""

    def build(self, grid: Grid, width: int, size: int) -> nn.Module:
        """The module.

        Args:
            grid: of the trunk's places.
            width: of the trunk's vectors.
            size: of latents, as the bottleneck takes them.
        """

    def topology(self, places: int) -> Topology | None:
        """What the places see of each other, those before `enter` counted; None: the trunk's."""

    def enter(self, module: Assembled, features: Features) -> Features:
        """With further places behind the others, or as they are."""

    def leave(self, module: Assembled, features: Features) -> Features:
        """Latents, shape (batch, places of the layout, size)."""
