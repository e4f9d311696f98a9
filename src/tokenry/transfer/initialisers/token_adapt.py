"""TokenAdapt: a new row from the sub-pieces of its piece, and from old pieces that are used alike.

Sharthak et al. 2025, "Achieving Tokenizer Flexibility in Language Models through Heuristic
Adaptation and Supertoken Learning", arXiv:2505.09738. Local: sub-pieces, weighted by how alike they
are to the whole and how much of it they take. Global: the nearest old pieces, above a threshold.
The hybrid mixes both. There likeness is that of a downloaded text encoder; here that of vectors
trained on the corpus as both tokenizers cut it (`TransferContext.vectors`, pooled).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from tokenry.transfer.combinators import Mix
from tokenry.transfer.context import TransferContext
from tokenry.transfer.contract import RowInitialiser, sparse_plan
from tokenry.transfer.initialisers.spaces import BLOCK, nearest, softmax, unit
from tokenry.transfer.row_plan import Role, RowPlan

TEMPERATURE = 0.3


@dataclass(frozen=True)
class LocalPieces:
    """Sub-pieces by likeness and length.

    Attributes:
        temperature: of the weights.
    """

    temperature: float = TEMPERATURE

    def plan(self, context: TransferContext, role: Role) -> RowPlan:
        """A softmax of the mean of two weights; without a vector likeness is the same for all."""
        old, new = context.vectors("old", pooled=True), context.vectors("new", pooled=True)
        old_units, new_units = unit(old.vectors), unit(new.vectors)
        every, pieces = context.decompositions, context.old.vocabulary.pieces
        lengths = every.lengths()
        ids = context.wanted[lengths[context.wanted] > 0]
        weights = [np.zeros(0, np.float32)]
        for id_ in ids.tolist():
            parts = every[id_].astype(np.int64)
            alike = softmax(old_units[parts] @ new_units[id_], self.temperature)
            sizes = np.array([len(pieces[part] or b"") for part in parts.tolist()], np.float64)
            weights.append(softmax((alike + sizes / max(sizes.sum(), 1)) / 2, self.temperature))
        parts = np.concatenate([np.zeros(0, np.int64), *(every[id_] for id_ in ids.tolist())])
        return sparse_plan(
            context, role, "local", ids, parts, np.concatenate(weights), lengths[ids]
        )


@dataclass(frozen=True)
class NearestPieces:
    """Old pieces that are used alike.

    Attributes:
        k: of them.
        temperature: of the weights.
        least: the cosine below which an old piece is left out.
    """

    k: int = 3
    temperature: float = TEMPERATURE
    least: float = 0.3

    def plan(self, context: TransferContext, role: Role) -> RowPlan:
        """Rows of ids that have a near piece."""
        old, new = context.vectors("old", pooled=True), context.vectors("new", pooled=True)
        known = context.used[old.known[context.used]]
        atoms = unit(old.vectors[known])
        ids = context.wanted[new.known[context.wanted]]
        made, parts, weights, counts = [ids[:0]], [ids[:0]], [np.zeros(0, np.float32)], [ids[:0]]
        for begin in range(0, len(ids) if len(known) else 0, BLOCK):
            block = ids[begin : begin + BLOCK]
            places, scores = nearest(unit(new.vectors[block]) @ atoms.T, self.k)
            near = scores >= self.least
            some = near.any(1)
            found = softmax(np.where(near, scores, -np.inf)[some], self.temperature)
            made.append(block[some])
            parts.append(known[places[some]][near[some]])
            weights.append(found[near[some]])
            counts.append(near[some].sum(1))
        return sparse_plan(
            context, role, "global", np.concatenate(made), np.concatenate(parts),
            np.concatenate(weights), np.concatenate(counts),
        )  # fmt: skip


@dataclass(frozen=True)
class TokenAdapt:
    """Both: ``share`` of the global rows, the rest of the local ones.

    Attributes:
        share: of the global rows.
        local: makes the others.
        near: makes the global ones.
    """

    share: float = 0.3
    local: RowInitialiser = field(default_factory=LocalPieces)
    near: RowInitialiser = field(default_factory=NearestPieces)

    def plan(self, context: TransferContext, role: Role) -> RowPlan:
        """The mixture."""
        return Mix(self.near, self.local, self.share).plan(context, role)
