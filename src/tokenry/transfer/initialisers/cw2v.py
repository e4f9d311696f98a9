"""Constrained word2vec: new rows are learnt, and cannot leave the convex hull of the old ones.

Mundra et al. 2024, "An Empirical Comparison of Vocabulary Expansion and Initialization Approaches
for Language Models", arXiv:2407.05841. New rows are ``softmax(A B) E`` with A of low rank, other
factors for input and output; A and B are learnt by skip-grams with negative samples on the corpus,
in which the two matrices of the model are those of words and of contexts. Their code adds up logits
of negatives before the logarithm; here each has its own term, as in Mikolov et al. 2013.

A softmax over all old rows at every step is slow, so the hull is that of the old ids that the
corpus uses most. Weights begin nearly even. The rate is the published one, and steps are as many as
five passes over 0.13 MB of text have, so rows stay near the middle of the hull. A hundred times
that rate, with smaller weights left out, cost 0.25 bits per byte of Portuguese (small models,
zero-shot).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import ModelError
from tokenry.transfer.context import TransferContext
from tokenry.transfer.contract import sparse_plan
from tokenry.transfer.row_plan import Role, RowPlan

KEPT = 0.1  # of even weights; smaller ones are left out of a plan, the others sum to one again


@dataclass(frozen=True)
class ConstrainedWord2Vec:
    """Learnt convex combinations; needs a corpus, and torch.

    Attributes:
        corners: old rows of the hull.
        rank: of the factors.
        steps: of learning.
        pairs: of a step.
        negatives: of a step, drawn for all pairs together.
        rate: of Adam.
    """

    corners: int = 2048
    rank: int = 64
    steps: int = 1200
    pairs: int = 1024
    negatives: int = 64
    rate: float = 3e-4

    def __post_init__(self) -> None:
        for name in ("corners", "rank", "steps", "pairs", "negatives"):
            if getattr(self, name) < 1:
                raise ModelError(f"{name}={getattr(self, name)}; expected 1 or more")

    def plan(self, context: TransferContext, role: Role) -> RowPlan:
        """Rows of ids that the corpus has."""
        learnt = context.once(self, lambda: self._learnt(context))
        ids, corners, weights = learnt["ids"], learnt["corners"], learnt[role]
        chosen = np.isin(ids, context.wanted)
        ids, weights = ids[chosen], weights[chosen]
        weights = np.where(weights >= KEPT / len(corners), weights, 0)
        weights = weights / weights.sum(1, keepdims=True)
        rows, places = np.nonzero(weights)
        counts = np.bincount(rows, minlength=len(ids))
        parts = corners[places]
        return sparse_plan(context, role, "cw2v", ids, parts, weights[rows, places], counts)

    def _learnt(self, context: TransferContext) -> dict[str, NDArray[Any]]:
        from tokenry.transfer.hull import learn_hull

        return learn_hull(context, self)
