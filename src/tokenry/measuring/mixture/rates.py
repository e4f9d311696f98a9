"""Rates of pairs in every category at every step, as stretches of steps where none of them changes.

A rate is a count per million bytes. Between two changes of a pair its row of rates is constant, and
of all inequalities of such a stretch only the one where the pair to beat is rarest can bind first;
so all of them are looked through in one product of a matrix with the mixture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tokenry.measuring.mixture.replay import Replay

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MEGABYTE: Final = 1e6


@dataclass(frozen=True, eq=False)
class Rates:
    """What the categories say of all pairs.

    Attributes:
        rates: of each stretch, in each category; shape (stretches, categories), float32.
        pairs: number of the pair of each stretch.
        starts: first step of each stretch.
        ends: step after its last.
        own: rate of the pair of each merge at its step, shape (merges, categories).
        merged: places that each merge takes per byte, shape (merges, categories).
    """

    rates: NDArray[np.float32]
    pairs: Ints
    starts: Ints
    ends: Ints
    own: Floats
    merged: Floats

    @classmethod
    def of(cls, replays: Sequence[Replay], sizes: Sequence[int], least: float) -> Rates:
        """Put the replays of categories side by side.

        Args:
            replays: one a category.
            sizes: bytes of the text of each.
            least: stretches below this rate in every category are left out.
        """
        steps = np.concatenate([each.steps for each in replays])
        pairs = np.concatenate([each.pairs for each in replays])
        scales = [MEGABYTE / size for size in sizes]
        values = np.concatenate([each.counts * k for each, k in zip(replays, scales, strict=True)])
        category = np.repeat(np.arange(len(replays)), [len(each.steps) for each in replays])
        order = np.lexsort((steps, pairs))  # stable: of two changes at a step the later counts
        steps, pairs, values, category = (x[order] for x in (steps, pairs, values, category))
        fresh = np.ones(len(steps), bool)
        fresh[1:] = (steps[1:] != steps[:-1]) | (pairs[1:] != pairs[:-1])
        row = np.cumsum(fresh) - 1
        starts, keys = steps[fresh], pairs[fresh]
        merges = len(replays[0].own)
        ends = np.full(len(starts), merges, np.int64)
        same = keys[1:] == keys[:-1]
        ends[:-1][same] = starts[1:][same]
        table = _filled(row, category, values, keys, len(replays))
        kept = (table.max(axis=1) > least) & (starts < merges)
        _, numbers = np.unique(keys[kept], return_inverse=True)
        own, merged = (
            np.stack([field * k for field, k in zip(fields, scales, strict=True)], axis=1)
            for fields in ([each.own for each in replays], [each.merged for each in replays])
        )
        return cls(table[kept], numbers, starts[kept], ends[kept], own, merged / MEGABYTE)

    @property
    def steps(self) -> int:
        """Merges."""
        return len(self.own)

    def first(self, steps: int) -> Rates:
        """Of the first merges only."""
        kept = self.starts < steps
        ends = np.minimum(self.ends[kept], steps)
        _, numbers = np.unique(self.pairs[kept], return_inverse=True)
        own, merged = self.own[:steps], self.merged[:steps]
        return Rates(self.rates[kept], numbers, self.starts[kept], ends, own, merged)

    def of_categories(self, chosen: NDArray[np.bool_]) -> Rates:
        """Of some of the categories."""
        return replace(
            self,
            rates=self.rates[:, chosen],
            own=self.own[:, chosen],
            merged=self.merged[:, chosen],
        )

    def frontier(self, category: int, rate: float) -> int:
        """How many merges are done while a category still has a pair of at least this rate."""
        reached = self.ends[self.rates[:, category] >= rate]
        return int(reached.max()) if len(reached) else 0


def _filled(
    row: NDArray[Any],
    category: NDArray[Any],
    values: NDArray[Any],
    keys: NDArray[Any],
    categories: int,
) -> NDArray[np.float32]:
    """Rates by stretch and category; a category that does not change keeps what it had."""
    rows = len(keys)
    groups = np.maximum.accumulate(
        np.where(np.r_[True, keys[1:] != keys[:-1]], np.arange(rows), 0) if rows else row
    )
    table = np.zeros((rows, categories), np.float32)
    for each in range(categories):
        mine = category == each
        told = np.full(rows, -1, np.int64)
        told[row[mine]] = row[mine]
        last = np.maximum.accumulate(told) if rows else told
        column = np.zeros(rows, np.float32)
        column[row[mine]] = values[mine]  # of two at a row the last stays
        known = last >= groups
        table[known, each] = column[last[known]]
    return table


class Lows:
    """The step of the lowest value within any stretch, in constant time (a sparse table)."""

    def __init__(self, values: Floats) -> None:
        self._values = values
        self._levels = [np.arange(len(values))]
        width = 1
        while 2 * width <= len(values):
            left, right = self._levels[-1][:-width], self._levels[-1][width:]
            self._levels.append(np.where(values[right] < values[left], right, left))
            width *= 2

    def within(self, starts: Ints, ends: Ints) -> Ints:
        """Of each stretch ``[start, end)``, which is not empty."""
        found = np.empty(len(starts), np.int64)
        level = np.floor(np.log2(ends - starts)).astype(np.int64)
        for each in np.unique(level):
            mine = level == each
            left = self._levels[each][starts[mine]]
            right = self._levels[each][ends[mine] - (1 << int(each))]
            found[mine] = np.where(self._values[right] < self._values[left], right, left)
        return found
