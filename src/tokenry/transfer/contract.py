"""What an initialiser is, and how it writes a plan down."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry.text.id_changes import IdTable
from tokenry.transfer.context import TransferContext
from tokenry.transfer.row_plan import Floats, Noise, Role, RowPlan


class RowInitialiser(Protocol):
    """A frozen dataclass that plans the rows of new ids."""

    def plan(self, context: TransferContext, role: Role) -> RowPlan:
        """Rows of ``context.wanted``; those that it cannot make, and all others, have no origin.

        Raises:
            ModelError: the context lacks what it needs, such as a donor or a corpus.
        """


def _start(context: TransferContext, role: Role, name: str, ids: IdTable) -> RowPlan:
    rows = context.rows(role)
    plan = RowPlan.empty(context.size, len(rows), rows.shape[1])
    origin_of = plan.origin_of.copy()
    origin_of[ids] = 0
    return replace(plan, origins=(name,), origin_of=origin_of)


def sparse_plan(
    context: TransferContext,
    role: Role,
    name: str,
    ids: NDArray[Any],
    parts: NDArray[Any],
    weights: NDArray[Any],
    counts: NDArray[Any] | None = None,
) -> RowPlan:
    """A plan in which each of ``ids`` is made of old rows.

    Args:
        context: of the transfer.
        role: of the rows.
        name: of the initialiser.
        ids: new ids, ascending, shape (n,).
        parts: old ids, shape (n, k), or one row after another.
        weights: of them.
        counts: old ids of each row, where they differ.
    """
    ids = np.asarray(ids, np.int64)
    if counts is None:
        counts = np.full(len(ids), parts.shape[1] if len(ids) else 0)
    lengths = np.zeros(context.size, np.int64)
    lengths[ids] = counts
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    return replace(
        _start(context, role, name, ids),
        offsets=offsets,
        ids=parts.ravel().astype(np.int64),
        weights=weights.ravel().astype(np.float32),
    )


def dense_plan(
    context: TransferContext, role: Role, name: str, ids: NDArray[Any], dense: Floats
) -> RowPlan:
    """A plan in which each of ``ids`` has a row of its own, or all share the one that there is."""
    plan = _start(context, role, name, ids)
    dense_of = plan.dense_of.copy()
    dense_of[ids] = np.arange(len(dense)) if len(dense) == len(ids) else 0
    return replace(plan, dense=np.asarray(dense, np.float32), dense_of=dense_of)


def with_noise(plan: RowPlan, noise: Noise) -> RowPlan:
    """The same with a drawn row for each row that it makes."""
    return replace(plan, noises=(noise,), noise_of=np.where(plan.covered, 0, -1))
