"""Slot: which keys a query sees, as data.

A mask is a table of truth values over places in the sequence, the first of what a cache holds being
place 0. Places are not positions: the nodes of a tree that share a depth share a position.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


class Topology(Hashable, Protocol):
    """A frozen dataclass."""

    @property
    def causal(self) -> bool:
        """Whether no query ever sees a key of a later place."""

    def mask(self, queries: int, keys: int) -> Mask:
        """What the last ``queries`` of ``keys`` places see, shape (queries, keys)."""


def places(queries: int, keys: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places of queries, shape (queries, 1), and of keys, shape (1, keys)."""
    every = np.arange(keys)
    return every[keys - queries :, None], every[None]


def with_corner(queries: int, keys: int, table: Mask) -> Mask:
    """A causal mask whose last places see each other as ``table`` says, shape (count, count)."""
    query, key = places(queries, keys)
    mask = key <= query
    rows = table[max(0, len(table) - queries) :]
    mask[queries - len(rows) :, keys - len(table) :] = rows
    return mask
