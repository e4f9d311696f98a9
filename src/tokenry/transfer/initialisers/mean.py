"""Mean: every new row is the mean of the old ones.

Hewitt 2021, "Initializing new word embeddings for pretrained language models". Its logit is never
larger than the log of the mean of all exponentials, so old ids keep most of their probability.
"""

from __future__ import annotations

from dataclasses import dataclass

from tokenry.transfer.context import TransferContext
from tokenry.transfer.contract import dense_plan
from tokenry.transfer.row_plan import Role, RowPlan


@dataclass(frozen=True)
class MeanRow:
    """One dense row that all new ids share; specials, padding and holes are left out of it."""

    def plan(self, context: TransferContext, role: Role) -> RowPlan:
        """The mean of old rows."""
        mean = context.rows(role)[context.used].mean(0, dtype="float64")
        return dense_plan(context, role, "mean", context.wanted, mean[None])
