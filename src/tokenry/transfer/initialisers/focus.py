"""FOCUS: a new row from the shared rows whose pieces are used alike, few of them.

Dobler & de Melo 2023, "FOCUS: Effective Embedding Initialization for Monolingual Specialization of
Multilingual Models", arXiv:2305.14481. Vectors are trained on the target text as the new tokenizer
cuts it; the weights of the shared pieces are the sparsemax (Martins & Astudillo 2016,
arXiv:1602.02068) of the cosines. There vectors are fastText's; here skip-grams of our own. Weights
sum to one, so a piece that is a little like many gets a short row.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tokenry.transfer.context import TransferContext
from tokenry.transfer.contract import sparse_plan
from tokenry.transfer.initialisers.spaces import BLOCK, unit
from tokenry.transfer.row_plan import Floats, Role, RowPlan


@dataclass(frozen=True)
class Focus:
    """Sparse means of shared rows; needs a corpus."""

    def plan(self, context: TransferContext, role: Role) -> RowPlan:
        """Weights that are mostly zero, and left out."""
        space = context.vectors("new")
        ids = context.wanted[space.known[context.wanted]]
        shared = context.anchors[space.known[context.anchors]]
        old, atoms = context.matches.old_of_new[shared], unit(space.vectors[shared])
        parts, weights, counts = [np.zeros(0, np.int64)], [np.zeros(0, np.float32)], [0]
        for begin in range(0, len(ids) if len(shared) else 0, BLOCK):
            found = sparsemax(unit(space.vectors[ids[begin : begin + BLOCK]]) @ atoms.T)
            rows, places = np.nonzero(found)
            parts.append(old[places])
            weights.append(found[rows, places])
            counts += np.bincount(rows, minlength=len(found)).tolist()
        ids = ids if len(shared) else ids[:0]
        return sparse_plan(
            context, role, "focus", ids, np.concatenate(parts), np.concatenate(weights),
            np.array(counts[1:], np.int64),
        )  # fmt: skip


def sparsemax(scores: Floats) -> Floats:
    """The nearest point of the simplex to each row: softmax with exact zeros.

    >>> sparsemax(np.array([[0.2, 0.9, -1.0], [3.0, 0.0, 0.0]], np.float32)).round(2).tolist()
    [[0.15, 0.85, 0.0], [1.0, 0.0, 0.0]]
    """
    ordered = -np.sort(-scores.astype(np.float64), axis=1)
    sums = ordered.cumsum(1) - 1
    counts = np.arange(1, scores.shape[1] + 1)
    support = (ordered * counts > sums).sum(1)
    threshold = sums[np.arange(len(scores)), support - 1] / support
    found: Floats = np.maximum(scores - threshold[:, None], 0).astype(np.float32)
    return found
