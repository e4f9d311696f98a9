"""Every row begins with a document, and rows are full, at the price of ids that are dropped.

Source: Karpathy 2025, nanochat, its loader for pre-training.

1. Of the documents that wait, the longest that fits into the rest of the row is put there.
2. Where none fits, the shortest is cut to fill it, and the rest of that document is dropped.

So a row shows a model nothing whose beginning it cannot see. On lognormal lengths of median 498 at
2,048 a row about a third of all ids are dropped; `best_fit` keeps them, and begins rows with the
rest of long documents.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.shards.packing.contract import Stretches, Windowed
from tokenry.shards.sequences import TokenSequences


@dataclass(frozen=True)
class Bos:
    """Rows that begin with documents."""

    def pack(self, documents: Iterable[TokenSequences], length: int, pad: int) -> Windowed:
        """Rows, lazily."""
        return Windowed(documents, length, pad, _assign)


def _assign(
    ends: NDArray[np.int64], length: int, last: bool
) -> tuple[Stretches, NDArray[np.int64], int]:
    starts = np.concatenate([np.zeros(1, np.int64), ends[:-1]])
    begins, lengths = starts.tolist(), (ends - starts).tolist()
    waiting = sorted((size, -number) for number, size in enumerate(lengths))
    row, room, dropped = 0, length, 0
    placed: list[tuple[int, int, int]] = []
    open_row: list[tuple[int, int]] = []  # documents of a row that is not full
    while waiting:
        at = bisect_right(waiting, (room, 1)) - 1
        size, number = waiting.pop(max(at, 0))
        begin, taken = begins[-number], min(size, room)
        dropped += size - taken
        placed.append((row, begin, begin + taken))
        open_row.append((size, number))
        room -= taken
        if room == 0:
            row, room, open_row = row + 1, length, []
    if not last and open_row:  # goes into the next window
        del placed[len(placed) - len(open_row) :]
        for each in open_row:
            insort(waiting, each)
    kept = sorted((begins[-number], begins[-number] + size) for size, number in waiting)
    rest = np.array(kept, np.int64).reshape(-1, 2)
    return np.array(placed, np.int64).reshape(-1, 3), rest, dropped
