"""Least-squares map: one matrix that takes a donor's rows of shared pieces to the old ones.

Mikolov, Le, Sutskever 2013, "Exploiting similarities among languages for machine translation",
arXiv:1309.4168. New rows are what it makes of the donor's rows. Needs no choice of k; at small
scale it ties with matching pursuit. Rows are dense: a plan keeps all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tokenry.errors import ModelError
from tokenry.transfer.context import TransferContext
from tokenry.transfer.contract import dense_plan
from tokenry.transfer.initialisers.spaces import anchored
from tokenry.transfer.row_plan import Role, RowPlan


@dataclass(frozen=True)
class LeastSquaresMap:
    """Mapped rows.

    Attributes:
        ridge: added to the diagonal, as a share of its mean.
    """

    ridge: float = 1e-3

    def __post_init__(self) -> None:
        if self.ridge < 0:
            raise ModelError(f"ridge {self.ridge}; expected 0 or more")

    def plan(self, context: TransferContext, role: Role) -> RowPlan:
        """The centred map, and the mean of the shared old rows."""
        found = anchored(context, role)
        source, target = found.atoms.astype(np.float64), context.rows(role)[found.anchors]
        middle, goal = source.mean(0), target.mean(0, dtype=np.float64)
        source = source - middle
        gram = source.T @ source
        gram += (self.ridge * np.trace(gram) / len(gram) + 1e-12) * np.eye(len(gram))
        linear = np.linalg.solve(gram, source.T @ (target - goal))
        dense = (found.targets - middle) @ linear + goal
        return dense_plan(context, role, "least squares", found.ids, dense.astype(np.float32))
