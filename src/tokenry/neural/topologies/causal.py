"""Causal: a query sees its own place and all before it.

Vaswani et al. 2017, arXiv:1706.03762.
"""

from __future__ import annotations

from dataclasses import dataclass

from tokenry.neural.topologies import Mask, places


@dataclass(frozen=True)
class Causal:
    """What a language model needs."""

    causal = True

    def mask(self, queries: int, keys: int) -> Mask:
        """Keys up to the query's place."""
        query, key = places(queries, keys)
        return key <= query
