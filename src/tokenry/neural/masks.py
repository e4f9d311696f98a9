"""Topologies and padding as masks of torch."""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor

from tokenry.neural.topologies import Topology
from tokenry.neural.topologies.causal import Causal

KEPT = 1 << 20
"""Places of the largest mask that is kept for the next pass; 32 masks are."""


def mask_of(
    topology: Topology, queries: int, keys: int, present: Tensor | None, device: torch.device
) -> tuple[Tensor | None, bool]:
    """The mask, (1 or batch, 1, queries, keys), and whether it is left out as plainly causal.

    Args:
        present: which keys are no padding, shape (batch, keys). Padding sees itself, so that no
            row of scores is empty, and is seen by nobody else.
    """
    if present is None and topology == Causal() and queries == keys:
        return None, True
    table, full = (_kept if queries * keys <= KEPT else _table)(topology, queries, keys)
    if present is None:
        return (None if full else table.to(device)[None, None]), False
    own = torch.eye(keys, dtype=torch.bool, device=device)[keys - queries :]
    return ((table.to(device) & present.to(device)[:, None, :]) | own)[:, None], False


def _table(topology: Topology, queries: int, keys: int) -> tuple[Tensor, bool]:
    """The mask and whether it hides nothing."""
    table = torch.from_numpy(topology.mask(queries, keys))
    return table, bool(table.all())


_kept = lru_cache(maxsize=32)(_table)
