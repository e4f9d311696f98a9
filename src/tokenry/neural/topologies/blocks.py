"""Block-causal: places of one block see each other and all blocks before.

Blocks of video frames, of scales of an image (Tian et al. 2024, arXiv:2404.02905) or of a diffusion
language model (Arriola et al. 2025, arXiv:2503.09573).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from tokenry.neural.parts import at_least
from tokenry.neural.topologies import Mask, places


@dataclass(frozen=True, kw_only=True)
class BlockCausal:
    """Causal between blocks, bidirectional within one.

    Attributes:
        size: places of a block, after those that ``first`` names.
        first: sizes of the first blocks, where they differ.
    """

    size: int
    first: tuple[int, ...] = ()

    causal = False

    def __post_init__(self) -> None:
        at_least(self, 1, "size")

    def mask(self, queries: int, keys: int) -> Mask:
        """Keys of the query's block and of earlier ones."""
        query, key = places(queries, keys)
        block = self.block_of(np.arange(keys))
        return block[key] <= block[query]

    def block_of(self, place: NDArray[np.int64]) -> NDArray[np.int64]:
        """The number of the block of each place."""
        ends = np.array([0, *accumulate(self.first)])
        early = np.searchsorted(ends[1:], place, side="right")
        return np.where(place < ends[-1], early, len(self.first) + (place - ends[-1]) // self.size)
