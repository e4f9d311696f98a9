"""Segments: documents that stand in one sequence do not see each other.

Packed training; documents that are cached apart (Yang et al. 2025, KVLink, arXiv:2502.16002).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tokenry.errors import PartError
from tokenry.neural.topologies import Mask, places


@dataclass(frozen=True, kw_only=True)
class Segments:
    """Causal within a segment; places after the last segment see everything before them.

    Attributes:
        lengths: places of each segment, from the first place on.
    """

    lengths: tuple[int, ...]

    causal = True

    def __post_init__(self) -> None:
        if min(self.lengths, default=1) < 1:
            raise PartError(f"lengths of Segments are {self.lengths}, expected 1 or more each")

    def mask(self, queries: int, keys: int) -> Mask:
        """Earlier keys of the query's own segment, or all earlier keys."""
        query, key = places(queries, keys)
        outside = len(self.lengths)
        segment = np.repeat(np.arange(outside), self.lengths)[:keys]
        segment = np.concatenate([segment, np.full(keys - len(segment), outside)])
        own: Mask = (segment[query] == segment[key]) | (segment[query] == outside)
        return (key <= query) & own
