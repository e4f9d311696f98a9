"""Cosines of blocks: the discrete cosine transform, as in JPEG.

Ahmed, Natarajan, Rao 1974; of one axis, of time, it is that of chunks of actions (Pertsch et al.
2025, FAST, arXiv:2501.09747).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tokenry.signals.partitions.block_transform import Basis, BlockTransform


@dataclass(frozen=True, kw_only=True)
class DctBlocks(BlockTransform):
    """Blocks of any sides."""

    def basis(self, size: int) -> Basis:
        """Cosines of rising frequency (type II, orthonormal)."""
        frequency, place = np.arange(size)[:, None], np.arange(size)[None]
        rows = np.cos(np.pi * (2 * place + 1) * frequency / (2 * size)) * np.sqrt(2 / size)
        rows[0] /= np.sqrt(2)
        return np.asarray(rows, np.float64)
