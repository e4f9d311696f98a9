"""Both: what two topologies allow, such as a window within documents."""

from __future__ import annotations

from dataclasses import dataclass

from tokenry.neural.topologies import Mask, Topology


@dataclass(frozen=True, kw_only=True)
class Both:
    """A query sees a key where both let it.

    Attributes:
        first: one topology.
        second: the other.
    """

    first: Topology
    second: Topology

    @property
    def causal(self) -> bool:
        """Whether one of the two is."""
        return self.first.causal or self.second.causal

    def mask(self, queries: int, keys: int) -> Mask:
        """The keys of both."""
        return self.first.mask(queries, keys) & self.second.mask(queries, keys)
