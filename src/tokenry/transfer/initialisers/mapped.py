"""Rows by an id map: what surgery kept is copied, what it added is the mean of its parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tokenry.errors import ModelError
from tokenry.surgery import IdMap
from tokenry.transfer.context import TransferContext
from tokenry.transfer.contract import sparse_plan
from tokenry.transfer.row_plan import Role, RowPlan


@dataclass(frozen=True, eq=False)
class MappedRows:
    """Exact where `CopiedRows` compares pieces: two ids of one piece stay two.

    Attributes:
        ids: of the operation that made the new tokenizer of the old one.
    """

    ids: IdMap

    def plan(self, context: TransferContext, role: Role) -> RowPlan:
        """Old rows with equal weights; an added id that stands for nothing (padding) is left."""
        names = context.old.vocabulary.fingerprint(), context.new.vocabulary.fingerprint()
        if names != (self.ids.old, self.ids.new):
            raise ModelError("the id map is of other tokenizers than these; give the one of both")
        rows, old_of_new = len(context.rows(role)), self.ids.old_of_new
        parts = []
        for id_ in context.wanted.tolist():
            own = [old_of_new[id_]] if old_of_new[id_] >= 0 else self.ids.parts(id_)
            parts.append([old_id for old_id in own if old_id < rows])
        counts = np.array([len(each) for each in parts], np.int64)
        made = context.wanted[counts > 0]
        weights = np.repeat(1 / np.maximum(counts, 1), counts)
        old_ids = np.array([old_id for each in parts for old_id in each], np.int64)
        return sparse_plan(context, role, "id map", made, old_ids, weights, counts[counts > 0])
