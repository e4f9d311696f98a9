"""Projection: which ids of a teacher each id of a student stands for, as a sparse matrix.

"X-Token: Projection-Guided Cross-Tokenizer Knowledge Distillation", arXiv:2605.21699. A piece that
both have is pinned to itself. Any other is cut by the teacher's tokenizer, and its pieces get
weights that fall by ten each, so nearly all goes to the first: what a teacher predicts where the
student predicts the whole. An option evens out teacher's ids that many of the student's stand for,
by a step of Sinkhorn's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tokenry.surgery.piece_ids import ids_of_pieces
from tokenry.text.id_changes import IdTable
from tokenry.tokenizer import Tokenizer
from tokenry.transfer.matching import match, ordinary_pieces

if TYPE_CHECKING:
    from torch import Tensor

MOST = 4  # pieces of a student's id that count
FALL = 0.1
SLACK = 0.2  # of each student's id, for what no id of the teacher stands for


@dataclass(frozen=True, eq=False)
class Projection:
    """Weights of a teacher's ids for each of the student's.

    Attributes:
        student: ids, shape (n,).
        teacher: ids, shape (n,).
        weights: of the pairs; those of one student's id sum to one.
        sizes: ids of both.
    """

    student: IdTable
    teacher: IdTable
    weights: NDArray[np.float32]
    sizes: tuple[int, int]

    @classmethod
    def between(cls, student: Tokenizer, teacher: Tokenizer) -> Projection:
        """The matrix of two tokenizers."""
        found = match(teacher, student)
        rows: dict[int, list[int]] = {
            int(id_): [int(found.old_of_new[id_])] for id_ in found.matched
        }
        left = {id_: piece for id_, piece in ordinary_pieces(student).items() if id_ not in rows}
        cut = ids_of_pieces(teacher, list(left.values()))
        rows |= {id_: row[:MOST].tolist() for id_, row in zip(left, cut, strict=True) if len(row)}
        weights = [FALL ** np.arange(len(row)) for row in rows.values()]
        return cls(
            np.repeat(np.array(list(rows), np.int64), [len(row) for row in rows.values()]),
            np.array([id_ for row in rows.values() for id_ in row], np.int64),
            np.concatenate([each / each.sum() for each in weights]).astype(np.float32),
            (len(student), len(teacher)),
        )

    def balanced(self) -> Projection:
        """One step of Sinkhorn's for pieces that are cut; those that both have stay pinned.

        Their weights are divided by the sum of their teacher's id, and then by that of their
        student's id with `SLACK` more, whose share goes nowhere; sums below one stay. So the first
        digit is not flooded by all numbers that begin with it.
        """
        cut = self.weights < 1
        onto = np.bincount(self.teacher[cut], self.weights[cut], minlength=self.sizes[1])
        spread = self.weights / np.where(cut, np.maximum(onto, 1)[self.teacher], 1)
        whole = np.bincount(self.student, spread, minlength=self.sizes[0])[self.student]
        weights = spread / np.where(cut, np.maximum(whole + SLACK, 1), 1)
        return replace(self, weights=weights.astype(np.float32))

    @cached_property
    def matrix(self) -> Tensor:
        """Shape (teacher, student), sparse."""
        import torch

        places = torch.from_numpy(np.stack([self.teacher, self.student]))
        return torch.sparse_coo_tensor(
            places, torch.from_numpy(self.weights), self.sizes[::-1], check_invariants=False
        ).coalesce()

    def apply(self, probabilities: Tensor) -> Tensor:
        """A student's probabilities, shape (n, student), as the teacher's, shape (n, teacher)."""
        import torch

        found: Tensor = torch.sparse.mm(self.matrix, probabilities.T).T
        return found

    def best(self, least: float) -> tuple[IdTable, IdTable]:
        """Student's and teacher's ids that stand for each other, each at most once.

        A student's id takes the teacher's of its largest weight, if that is ``least`` or more; of
        several with one teacher's id the largest weight wins, then the lowest id.
        """
        order = np.lexsort((self.student, -self.weights))
        order = order[self.weights[order] >= least]
        _, first = np.unique(self.student[order], return_index=True)
        order = order[np.sort(first)]
        _, first = np.unique(self.teacher[order], return_index=True)
        chosen = order[first]
        return self.student[chosen], self.teacher[chosen]
