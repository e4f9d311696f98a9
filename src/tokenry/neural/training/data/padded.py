"""Rows of different lengths in one array."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ids = Sequence[int] | NDArray[np.integer]
PAD = -1
"""Marks places of a batch that hold no id."""


def padded(rows: Sequence[Ids]) -> NDArray[np.int64]:
    """Rows, shape (rows, longest), `PAD` at their ends."""
    ids = np.full((len(rows), max(map(len, rows), default=0)), PAD, dtype=np.int64)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = row
    return ids
