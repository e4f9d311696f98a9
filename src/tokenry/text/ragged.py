"""Many sequences of ids in two arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class Ragged(Sequence[Ids]):
    """Sequences of different lengths: sequence ``i`` is ``ids[offsets[i]:offsets[i + 1]]``.

    Attributes:
        ids: uint32, all ids in one run.
        offsets: uint64, n + 1 of them, from 0 to ``len(ids)``.
    """

    ids: Ids
    offsets: NDArray[np.uint64]

    @classmethod
    def of(cls, sequences: Iterable[Sequence[int] | Ids]) -> Ragged:
        """Gather sequences of ids."""
        rows = [np.asarray(row, dtype=np.uint32) for row in sequences]
        offsets = np.zeros(len(rows) + 1, dtype=np.uint64)
        np.cumsum([len(row) for row in rows], out=offsets[1:])
        return cls(np.concatenate(rows) if rows else np.zeros(0, np.uint32), offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, index: int) -> Ids: ...

    @overload
    def __getitem__(self, index: slice) -> list[Ids]: ...

    def __getitem__(self, index: int | slice) -> Ids | list[Ids]:
        """Ids of one sequence (a view), or a list of them for a slice."""
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        at = range(len(self))[index]
        return self.ids[int(self.offsets[at]) : int(self.offsets[at + 1])]

    def __iter__(self) -> Iterator[Ids]:
        return (self[i] for i in range(len(self)))

    def lengths(self) -> NDArray[np.int64]:
        """How many ids each sequence has."""
        offsets = self.offsets.astype(np.int64)
        return offsets[1:] - offsets[:-1]

    def to_lists(self) -> list[list[int]]:
        """The sequences as lists of ints."""
        return [row.tolist() for row in self]

    def __repr__(self) -> str:
        return f"Ragged({len(self)} sequences, {len(self.ids)} ids)"
