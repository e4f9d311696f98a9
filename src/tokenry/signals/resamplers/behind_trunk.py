"""Resamplers that leave the trunk alone and read what it made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokenry.neural.topologies import Topology
from tokenry.signals.features import Features, Grid

if TYPE_CHECKING:
    from tokenry.neural.assembled import Assembled


class BehindTrunk:
    """What such a resampler, a frozen dataclass, answers of what comes before."""

    def added(self, grid: Grid) -> int:
        """None to the trunk's places."""
        return 0

    def topology(self, places: int) -> Topology | None:
        """The trunk's."""
        return None

    def enter(self, module: Assembled, features: Features) -> Features:
        """As they are."""
        return features
