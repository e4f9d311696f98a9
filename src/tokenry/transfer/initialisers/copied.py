"""Copy: a new id that is an old one keeps its row.

All methods below begin with it (`tokenry.transfer.registry.initialiser`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tokenry.transfer.context import TransferContext
from tokenry.transfer.contract import sparse_plan
from tokenry.transfer.row_plan import Role, RowPlan


@dataclass(frozen=True)
class CopiedRows:
    """Rows of ids that `tokenry.transfer.match` knows."""

    def plan(self, context: TransferContext, role: Role) -> RowPlan:
        """One old row each, with the weight 1."""
        old = context.matches.old_of_new[context.wanted]
        ids, parts = context.wanted[old >= 0], old[old >= 0, None]
        return sparse_plan(context, role, "copy", ids, parts, np.ones(len(ids)))
