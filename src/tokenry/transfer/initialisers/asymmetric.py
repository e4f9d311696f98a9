"""Sub-pieces weighted otherwise where ids are read than where they are predicted.

A model that has read a word knows it at its last piece, and predicts it by its first. Kim et al.
2024, "EEVE", arXiv:2402.14714: the mean where read, the first piece where predicted. mergekit's
``subword`` has the last piece where read and the first where predicted, and weights that rise. A
model with tied rows has one matrix, which gets the rows of the input side.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.transfer.context import TransferContext
from tokenry.transfer.initialisers.subpieces import weighted
from tokenry.transfer.row_plan import Role, RowPlan


def _one(count: int, at: int) -> NDArray[np.float64]:
    weights = np.zeros(count)
    weights[at] = 1
    return weights


@dataclass(frozen=True)
class MeanInFirstOut:
    """The mean of sub-pieces where read, the first of them where predicted."""

    def plan(self, context: TransferContext, role: Role) -> RowPlan:
        """By the role."""
        if role == "input":
            return weighted(context, role, "mean-first", lambda n: np.full(n, 1 / n))
        return weighted(context, role, "mean-first", lambda n: _one(n, 0))


@dataclass(frozen=True)
class LastInFirstOut:
    """The last sub-piece where read, the first where predicted."""

    def plan(self, context: TransferContext, role: Role) -> RowPlan:
        """By the role."""
        at = -1 if role == "input" else 0
        return weighted(context, role, "last-first", lambda n: _one(n, at))


@dataclass(frozen=True)
class RisingPieces:
    """Weights 1 to n: where read the last sub-piece weighs most, where predicted the first."""

    def plan(self, context: TransferContext, role: Role) -> RowPlan:
        """By the role."""
        step = 1 if role == "input" else -1
        return weighted(
            context, role, "rising", lambda n: np.arange(1, n + 1)[::step] / (n * (n + 1) / 2)
        )
