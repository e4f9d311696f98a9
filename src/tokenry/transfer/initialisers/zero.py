"""Zero: new rows of nothing, as a floor to compare with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tokenry.transfer.context import TransferContext
from tokenry.transfer.contract import sparse_plan
from tokenry.transfer.row_plan import Role, RowPlan


@dataclass(frozen=True)
class ZeroRows:
    """Rows of zeros."""

    def plan(self, context: TransferContext, role: Role) -> RowPlan:
        """No old row in any of them."""
        none = np.zeros((len(context.wanted), 0))
        return sparse_plan(context, role, "zero", context.wanted, none, none)
