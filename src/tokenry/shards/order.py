"""Numbers in an order by seed that needs no memory: a permutation that is computed, not kept.

A Feistel network of four rounds (Luby, Rackoff 1988) permutes the numbers below the next power of
four; one that leads outside is taken again, until it is within (cycle walking). So the place of any
row is known at once, for a billion rows as for ten.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import ShardError
from tokenry.seeds import derived

_ROUNDS: Final = 4


def permuted(places: NDArray[np.int64], count: int, seed: int) -> NDArray[np.int64]:
    """What stands at these places of the numbers below ``count`` in the order of ``seed``."""
    half = max(1, (max(count - 1, 1).bit_length() + 1) // 2)
    keys = [np.uint64(derived(seed, "order", turn)) for turn in range(_ROUNDS)]
    found = _rounds(places.astype(np.uint64), half, keys)
    while (outside := found >= count).any():
        found[outside] = _rounds(found[outside], half, keys)
    return found.astype(np.int64)


def _rounds(numbers: NDArray[np.uint64], half: int, keys: list[np.uint64]) -> NDArray[np.uint64]:
    mask, shift = np.uint64((1 << half) - 1), np.uint64(half)
    left, right = numbers >> shift, numbers & mask
    for key in keys:
        left, right = right, left ^ (_mixed(right ^ key) & mask)
    return (left << shift) | right


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The last steps of SplitMix64 (Steele, Lea, Flood 2014)."""
    with np.errstate(over="ignore"):
        numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


@dataclass(frozen=True, kw_only=True)
class BatchOrder:
    """Batches of row numbers, for ``torch.utils.data.DataLoader(batch_sampler=...)``.

    All ranks together go through the rows in one order, which depends on the seed and the pass
    alone; step by step each takes its own share of the next ``size * world`` rows. With a
    ``batch_sampler`` a DataLoader gives batches in this order whatever number of workers it has.

    Attributes:
        count: rows.
        size: rows of a batch of one rank.
        seed: of the order; None: as they are stored.
        rank, world: which share is taken.
        seen: rows that all ranks together have had; to go on, steps times ``size`` times
            ``world``, whatever ``world`` was.
        passes: times over the rows.
    """

    count: int
    size: int
    seed: int | None = 0
    rank: int = 0
    world: int = 1
    seen: int = 0
    passes: int = 1

    def __post_init__(self) -> None:
        if self.size < 1 or not 0 <= self.rank < self.world or self.seen < 0:
            raise ShardError(f"{self}: expected size of 1 or more, 0 <= rank < world, seen >= 0")

    def __len__(self) -> int:
        left = self.count * self.passes - self.seen
        return max(0, left // (self.size * self.world))

    def __iter__(self) -> Iterator[list[int]]:
        step = self.size * self.world
        for number in range(len(self)):
            begin = self.seen + number * step + self.rank * self.size
            yield self.rows(begin, begin + self.size).tolist()

    def rows(self, begin: int, end: int) -> NDArray[np.int64]:
        """The rows at places [begin, end) of all passes, one after another."""
        places = np.arange(begin, end)
        if self.seed is None:
            return places % self.count
        found = np.empty(len(places), np.int64)
        for turn in np.unique(places // self.count).tolist():
            within = places // self.count == turn
            found[within] = permuted(
                places[within] % self.count, self.count, derived(self.seed, "pass", turn)
            )
        return found
