"""Common neighbours: a new row from the shared rows that lie next to it in a donor.

The ``common_interpolation`` of mergekit-tokensurgeon (Goddard et al. 2024, arXiv:2403.13257): k
nearest shared pieces by Euclid's distance or the cosine, weighted by the inverse of the distance,
by least squares whose weights sum to one (``barycentric``), or by plain least squares. Without a
donor, vectors of the corpus stand in its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from tokenry.errors import ModelError
from tokenry.transfer.context import TransferContext
from tokenry.transfer.contract import sparse_plan
from tokenry.transfer.initialisers.spaces import anchored, nearest, unit
from tokenry.transfer.row_plan import Floats, Role, RowPlan

RIDGE = 1e-6  # of the mean diagonal: neighbours may be dependent


@dataclass(frozen=True)
class CommonNeighbours:
    """Rows of k near rows.

    Attributes:
        k: neighbours.
        metric: what is near.
        weights: by what they are weighted.
    """

    k: int = 8
    metric: Literal["euclidean", "cosine"] = "euclidean"
    weights: Literal["inverse", "barycentric", "least_squares"] = "inverse"

    def __post_init__(self) -> None:
        if self.k < 1:
            raise ModelError(f"k={self.k} neighbours; expected 1 or more")

    def plan(self, context: TransferContext, role: Role) -> RowPlan:
        """k old rows each."""
        found = anchored(context, role)
        cosine = self.metric == "cosine"
        atoms = unit(found.atoms) if cosine else found.atoms
        targets = unit(found.targets) if cosine else found.targets
        squares = np.einsum("md,md->m", atoms, atoms)
        count = min(self.k, len(found.anchors))
        parts = np.zeros((len(found.ids), count), np.int64)
        weights = np.zeros((len(found.ids), count), np.float32)
        for block in found.blocks():
            # Of the squared distance, without the part that is the same for all atoms.
            places, _ = nearest(targets[block] @ atoms.T - squares / 2, count)
            parts[block] = found.anchors[places]
            weights[block] = self._weights(targets[block], atoms[places])
        return sparse_plan(context, role, "neighbours", found.ids, parts, weights)

    def _weights(self, targets: Floats, near: Floats) -> Floats:
        """Of neighbours, shape (b, k), from vectors of shapes (b, d) and (b, k, d)."""
        away = near - targets[:, None]
        if self.weights == "inverse":
            weights = 1 / np.maximum(np.linalg.norm(away, axis=2), 1e-6)
            return _summed_to_one(weights)
        vectors = away if self.weights == "barycentric" else near
        gram = np.einsum("bkd,bjd->bkj", vectors, vectors).astype(np.float64)
        spread = np.trace(gram, axis1=1, axis2=2) / gram.shape[1]
        gram += (RIDGE * spread + 1e-12)[:, None, None] * np.eye(gram.shape[1])
        if self.weights == "barycentric":
            return _summed_to_one(
                np.linalg.solve(gram, np.ones((len(gram), gram.shape[1], 1)))[..., 0]
            )
        right = np.einsum("bkd,bd->bk", near, targets).astype(np.float64)
        solved: Floats = np.linalg.solve(gram, right[..., None])[..., 0].astype(np.float32)
        return solved


def _summed_to_one(weights: Floats) -> Floats:
    found: Floats = (weights / weights.sum(1, keepdims=True)).astype(np.float32)
    return found
