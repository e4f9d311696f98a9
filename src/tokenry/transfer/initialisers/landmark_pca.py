"""Landmark PCA: a donor's rows turned onto the old ones, by the principal parts of shared pieces.

The ``landmark_pca`` of mergekit-tokensurgeon (Goddard et al. 2024, arXiv:2403.13257). Both clouds
of shared rows are centred and written in as many principal coordinates as the narrower has, and an
orthogonal matrix (Procrustes; Schönemann 1966) turns one onto the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import ModelError
from tokenry.transfer.context import TransferContext
from tokenry.transfer.contract import dense_plan
from tokenry.transfer.initialisers.spaces import anchored
from tokenry.transfer.row_plan import Role, RowPlan

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class LandmarkPca:
    """Turned rows.

    Attributes:
        rank: principal coordinates; None: of the narrower space.
    """

    rank: int | None = None

    def __post_init__(self) -> None:
        if self.rank is not None and self.rank < 1:
            raise ModelError(f"rank={self.rank}; expected 1 or more")

    def plan(self, context: TransferContext, role: Role) -> RowPlan:
        """What the rotation makes of the new vectors."""
        found = anchored(context, role)
        source = found.atoms.astype(np.float64)
        target = context.rows(role)[found.anchors].astype(np.float64)
        middle, goal = source.mean(0), target.mean(0)
        rank = min(source.shape[1], target.shape[1], len(source), self.rank or source.shape[1])
        into, onto = principal(source - middle, rank), principal(target - goal, rank)
        turned = procrustes((source - middle) @ into, (target - goal) @ onto)
        dense = (found.targets - middle) @ into @ turned @ onto.T + goal
        return dense_plan(context, role, "landmark pca", found.ids, dense.astype(np.float32))


def principal(centred: Doubles, rank: int) -> Doubles:
    """The first principal directions as columns, shape (width, rank)."""
    _, vectors = np.linalg.eigh(centred.T @ centred)
    found: Doubles = vectors[:, ::-1][:, :rank]
    return found


def procrustes(source: Doubles, target: Doubles) -> Doubles:
    """The orthogonal Q for which ``source @ Q`` is nearest to ``target``."""
    left, _, right = np.linalg.svd(source.T @ target, full_matrices=False)
    found: Doubles = left @ right
    return found
