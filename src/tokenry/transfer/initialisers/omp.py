"""Orthogonal matching pursuit: a new row from the few shared rows that rebuild it in a donor.

Goddard & Fernandes Neto 2025, "Training-Free Tokenizer Transplantation via Orthogonal Matching
Pursuit", arXiv:2506.06607. In the donor's space k shared rows are taken one by one, each the one
that the rest of the new row points at most, and the row is fitted to those taken by least squares;
the same coefficients on the old rows of these pieces give the new row. Atoms are not normalised, as
there. k must stay well below the width: at half of it the fit is to noise, and worse than the mean.
Without a donor, vectors of the corpus stand in its place. Costs k products of all new with all
shared vectors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import ModelError
from tokenry.text.id_changes import IdTable
from tokenry.transfer.context import TransferContext
from tokenry.transfer.contract import sparse_plan
from tokenry.transfer.initialisers.spaces import anchored
from tokenry.transfer.row_plan import Floats, Role, RowPlan

MOST = 64  # atoms of the paper, for widths of 2048 and more
SHARE = 8  # of the width that the default takes


@dataclass(frozen=True)
class MatchingPursuit:
    """Rows of k shared rows.

    Attributes:
        k: shared rows of each new one; None: 64, or an eighth of the narrower space's width.
    """

    k: int | None = None

    def __post_init__(self) -> None:
        if self.k is not None and self.k < 1:
            raise ModelError(f"k={self.k} shared rows of a new one; expected 1 or more")

    def plan(self, context: TransferContext, role: Role) -> RowPlan:
        """Signed weights, by least squares."""
        found = anchored(context, role)
        width = min(found.atoms.shape[1], context.rows(role).shape[1])
        count = min(self.k or max(1, min(MOST, width // SHARE)), len(found.anchors), width)
        parts = np.zeros((len(found.ids), count), np.int64)
        weights = np.zeros((len(found.ids), count), np.float32)
        for block in found.blocks():
            places, weights[block] = pursue(found.targets[block], found.atoms, count)
            parts[block] = found.anchors[places]
            context.progress(f"matching pursuit, {role} rows", block.stop, len(found.ids))
        return sparse_plan(context, role, "omp", found.ids, parts, weights)


def pursue(targets: Floats, atoms: Floats, count: int) -> tuple[IdTable, Floats]:
    """``count`` atoms of each target and their weights.

    The atoms taken are kept as an orthonormal basis Q and the triangle R of their coordinates in
    it; every vector is made orthogonal twice, which is enough (Giraud et al. 2005).

    Args:
        targets: shape (b, d).
        atoms: shape (m, d).
        count: at most m and d.

    Returns:
        Places of atoms and weights, both of shape (b, count). Where a target is rebuilt by fewer,
        the others have the weight 0.
    """
    rows = np.arange(len(targets))
    rest = targets.astype(np.float32, copy=True)
    basis = np.zeros((len(targets), count, targets.shape[1]), np.float32)
    triangle = np.tile(np.eye(count), (len(targets), 1, 1))
    within = np.zeros((len(targets), count))
    places = np.zeros((len(targets), count), np.int64)
    scores = np.zeros((len(targets), len(atoms)), np.float32)
    for step in range(count):
        np.abs(np.matmul(rest, atoms.T, out=scores), out=scores)
        scores[rows[:, None], places[:, :step]] = -1
        best = scores.argmax(1)
        places[:, step] = best
        fresh = atoms[best].astype(np.float32, copy=True)
        length = np.linalg.norm(fresh, axis=1)
        for _ in range(2 if step else 0):
            inside = np.einsum("bkd,bd->bk", basis[:, :step], fresh)
            fresh -= np.einsum("bkd,bk->bd", basis[:, :step], inside)
            triangle[:, :step, step] += inside
        size = np.linalg.norm(fresh, axis=1)
        new = size > 1e-5 * np.maximum(length, 1e-30)
        basis[:, step] = np.where(new[:, None], fresh / np.where(new, size, 1)[:, None], 0)
        triangle[:, step, step] = np.where(new, size, 1)
        within[:, step] = np.einsum("bd,bd->b", basis[:, step], rest)
        rest -= basis[:, step] * within[:, step, None].astype(np.float32)
    return places, _solved(triangle, within)


def _solved(triangle: NDArray[np.float64], within: NDArray[np.float64]) -> Floats:
    """Weights c with triangle @ c = within, from the last row up."""
    count = within.shape[1]
    weights = np.zeros_like(within)
    for at in range(count - 1, -1, -1):
        above = np.einsum("bk,bk->b", triangle[:, at, at + 1 :], weights[:, at + 1 :])
        weights[:, at] = (within[:, at] - above) / triangle[:, at, at]
    found: Floats = weights.astype(np.float32)
    return found
