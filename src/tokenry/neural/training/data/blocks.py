"""Documents as one run of ids, cut into blocks of one length."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.neural.parts import at_least
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.data.padded import PAD, Ids
from tokenry.neural.training.data.shuffled import Shuffled


@dataclass(frozen=True, eq=False)
class Blocks:
    """Blocks that predict every id of a run but its first, once.

    Attributes:
        run: ids, one after another; a memory map does as well as an array.
        length: ids that a block predicts.
        piece_bytes: how many bytes each id stands for, where a budget counts them.
    """

    run: NDArray[np.integer]
    length: int
    piece_bytes: NDArray[np.integer] | None = None

    def __post_init__(self) -> None:
        at_least(self, 1, "length")

    @classmethod
    def of(
        cls,
        documents: Iterable[Ids],
        *,
        end: int,
        length: int,
        piece_bytes: NDArray[np.integer] | None = None,
    ) -> Blocks:
        """Documents, each ended by the id ``end``, which also stands before the first.

        Args:
            documents: ids; the rows of a `tokenry.Ragged` for instance.
        """
        mark = np.array([end], dtype=np.int64)
        parts = [part for each in documents for part in (np.asarray(each, np.int64), mark)]
        return cls(np.concatenate([mark, *parts]), length, piece_bytes)

    def __len__(self) -> int:
        return -(-(len(self.run) - 1) // self.length)

    def rows(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Blocks, shape (n, length + 1), `PAD` after the end of the run.

        The first id of each is the last of the block before it.
        """
        rows = np.full((len(numbers), self.length + 1), PAD, dtype=np.int64)
        for at, number in enumerate(numbers.tolist()):
            part = self.run[number * self.length : (number + 1) * self.length + 1]
            rows[at, : len(part)] = part
        return rows

    def batch(self, numbers: NDArray[np.int64]) -> Batch:
        """Blocks as ``ids``; their bytes are those of the ids that they predict."""
        ids = self.rows(numbers)
        if self.piece_bytes is None:
            return Batch({"ids": ids})
        predicted = ids[:, 1:]
        return Batch({"ids": ids}, int(self.piece_bytes[predicted[predicted != PAD]].sum()))

    def shuffled(self, size: int, *, seed: int = 0, passes: int | None = 1) -> Shuffled:
        """Batches of ``size`` blocks, in an order by seed."""
        return Shuffled(
            len(self), size, self.batch, seed=seed, passes=passes, identity=self._identity()
        )

    def in_order(self, size: int) -> Iterator[Batch]:
        """Every block once, ``size`` at a time, as a measurement needs them."""
        for start in range(0, len(self), size):
            yield self.batch(np.arange(start, min(len(self), start + size)))

    def _identity(self) -> str:
        """Of the length and both ends of the run: a map of gigabytes is not read for it."""
        digest = hashlib.sha256(f"{len(self.run)} {self.length}".encode())
        for part in (self.run[: 1 << 20], self.run[-(1 << 20) :]):
            digest.update(np.asarray(part, dtype=np.int64).tobytes())
        return digest.hexdigest()[:16]
