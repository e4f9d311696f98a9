"""Sub-piece mean: a new row is the mean of the old rows that the old tokenizer needs for its piece.

Gee et al. 2022, "Fast Vocabulary Transfer for Language Model Compression", arXiv:2402.09977; for
both matrices Gu et al. 2024, "ReTok", arXiv:2410.04335. RedWhale (arXiv:2408.11294) found it the
best of five. Needs nothing but the old tokenizer. The mean of n rows is about 1/sqrt(n) as long as
one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.transfer.context import TransferContext
from tokenry.transfer.contract import sparse_plan
from tokenry.transfer.row_plan import Role, RowPlan

Weighing = Callable[[int], NDArray[np.float64]]
"""The weights of so many sub-pieces, in their order."""


@dataclass(frozen=True)
class SubpieceMean:
    """The mean, on both sides."""

    def plan(self, context: TransferContext, role: Role) -> RowPlan:
        """Equal weights."""
        return weighted(context, role, "sub-piece mean", lambda count: np.full(count, 1 / count))


def weighted(context: TransferContext, role: Role, name: str, weigh: Weighing) -> RowPlan:
    """Sub-pieces with weights by their place; a piece without any in the old vocabulary is left."""
    every = context.decompositions
    lengths = every.lengths()
    ids = context.wanted[lengths[context.wanted] > 0]
    counts = lengths[ids]
    known = {count: weigh(count) for count in np.unique(counts).tolist()}
    parts = [every[id_] for id_ in ids.tolist()]
    weights = [known[count] for count in counts.tolist()]
    return sparse_plan(
        context,
        role,
        name,
        ids,
        np.concatenate(parts or [np.zeros(0, np.int64)]),
        np.concatenate(weights or [np.zeros(0)]),
        counts,
    )
