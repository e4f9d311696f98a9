"""Haar wavelets of blocks: means, then differences at every scale.

Haar 1910; as the first step of an image tokenizer that loses nothing: Agarwal et al. 2025 (Cosmos),
arXiv:2501.03575.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tokenry.errors import PartError
from tokenry.signals.partitions.block_transform import Basis, BlockTransform


@dataclass(frozen=True, kw_only=True)
class HaarBlocks(BlockTransform):
    """Blocks whose sides are powers of two."""

    def basis(self, size: int) -> Basis:
        """The mean, then differences of halves, of quarters and so on.

        Raises:
            PartError: the size is no power of two.
        """
        if size < 1 or size & (size - 1):
            raise PartError(f"a block of {size} has no Haar wavelets; expected a power of two")
        rows = np.ones((1, 1))
        while len(rows) < size:
            smooth, details = np.kron(rows, [1, 1]), np.kron(np.eye(len(rows)), [1, -1])
            rows = np.concatenate([smooth, details]) / np.sqrt(2)
        return rows
