"""Sliding window: a query sees its own place and the last few before it.

Child et al. 2019, arXiv:1904.10509; Beltagy et al. 2020, arXiv:2004.05150.
"""

from __future__ import annotations

from dataclasses import dataclass

from tokenry.neural.parts import at_least
from tokenry.neural.topologies import Mask, places


@dataclass(frozen=True, kw_only=True)
class SlidingWindow:
    """Causal, and no further back than a window.

    Attributes:
        window: places that a query sees, its own included.
    """

    window: int

    causal = True

    def __post_init__(self) -> None:
        at_least(self, 1, "window")

    def mask(self, queries: int, keys: int) -> Mask:
        """The last ``window`` keys up to the query's place."""
        query, key = places(queries, keys)
        return (key <= query) & (key > query - self.window)
