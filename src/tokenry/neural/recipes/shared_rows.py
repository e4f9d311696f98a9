"""Rows of a small model under a large vocabulary: ids that are rare in its text share one.

A model of 200,000 rows over two megabytes of text would spend its time on rows that it never
reads. Here an id that occurs less than twice is read as one row, *the rare one*, and costs the
logarithm of their number on top of it: the model's probabilities times one over that number are
still probabilities of all ids, so bits per byte stay comparable between vocabularies.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.neural.training.data.padded import Ids


@dataclass(frozen=True, eq=False)
class SharedRows:
    """Which row each id has.

    Attributes:
        row_of_id: by id.
        rows: how many there are; the last is shared.
        sharing: how many ids share it.
    """

    row_of_id: NDArray[np.int64]
    rows: int
    sharing: int

    @classmethod
    def of(cls, documents: Sequence[Ids], ids: int, *, least: int = 2) -> SharedRows:
        """A row for every id that occurs ``least`` times.

        Args:
            documents: ids to learn from.
            ids: how many there are.
            least: occurrences.
        """
        counts = np.zeros(ids, dtype=np.int64)
        for document in documents:
            counts += np.bincount(document, minlength=ids)
        own = counts >= least
        rows = int(own.sum())
        return cls(np.where(own, np.cumsum(own) - 1, rows), rows + 1, ids - rows)

    def of_ids(self, document: Ids) -> NDArray[np.int64]:
        """The rows of ids."""
        return self.row_of_id[np.asarray(document, dtype=np.int64)]

    def bits_beside(self, rows: NDArray[np.int64]) -> float:
        """Bits that say which ids the shared rows of a document stand for."""
        shared = int((rows == self.rows - 1).sum())
        return shared * math.log2(max(1, self.sharing))
