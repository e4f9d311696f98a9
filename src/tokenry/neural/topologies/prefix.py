"""Prefix: the first places see each other, those after them are causal.

Raffel et al. 2020, arXiv:1910.10683.
"""

from __future__ import annotations

from dataclasses import dataclass

from tokenry.neural.parts import at_least
from tokenry.neural.topologies import Mask, places


@dataclass(frozen=True, kw_only=True)
class Prefix:
    """Bidirectional over a prompt, causal over its continuation.

    Attributes:
        length: places of the prefix.
    """

    length: int

    causal = False

    def __post_init__(self) -> None:
        at_least(self, 0, "length")

    def mask(self, queries: int, keys: int) -> Mask:
        """Keys of the prefix, and those up to the query's place."""
        query, key = places(queries, keys)
        return (key <= query) | (key < self.length)
