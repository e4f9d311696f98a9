"""Merging that leaves out merges at random: BPE-dropout (Provilkov, Emelianenko, Voita 2020,
arXiv:1910.13267), as SentencePiece does it.

Each occurrence of a pair that can merge is left out with a probability when its turn comes, and is
not looked at again.
"""

from __future__ import annotations

import heapq
import random
from dataclasses import dataclass, field

from tokenry.text.parts import SizedId
from tokenry.text.segmenters.bpe import BytePairSegmenter


def segment_with_dropout(
    segmenter: BytePairSegmenter, pretoken: bytes, dropout: float, rng: random.Random
) -> list[SizedId]:
    """Ids of one pretoken, each with the number of bytes that it stands for.

    Args:
        segmenter: whose merges.
        pretoken: what is segmented.
        dropout: the probability of leaving out a merge; 0 gives what the segmenter gives by
            merging, 1 its first symbols.
        rng: where chance comes from.
    """
    chain = _Chain(segmenter, list(segmenter.first_symbols(pretoken)))
    while chain.agenda:
        _, left, pair = heapq.heappop(chain.agenda)
        right = chain.following[left]
        if not chain.is_pair(left, right, pair) or _leaves_out(dropout, rng):
            continue
        chain.merge(left, right)
    return [symbol for symbol in chain.symbols if symbol is not None]


def _leaves_out(dropout: float, rng: random.Random) -> bool:
    return dropout > 0 and (dropout >= 1 or rng.random() < dropout)


@dataclass
class _Chain:
    """Symbols with their neighbours, and the pairs that may merge, the lowest rank first."""

    segmenter: BytePairSegmenter
    symbols: list[SizedId | None]
    agenda: list[tuple[int, int, tuple[int, int]]] = field(default_factory=list)
    following: list[int] = field(default_factory=list)
    preceding: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        size = len(self.symbols)
        self.following = list(range(1, size + 1))
        self.preceding = list(range(-1, size - 1))
        for left in range(size - 1):
            self._propose(left, left + 1)

    def is_pair(self, left: int, right: int, pair: tuple[int, int]) -> bool:
        """Whether two places hold these symbols still."""
        if right >= len(self.symbols):
            return False
        one, other = self.symbols[left], self.symbols[right]
        return one is not None and other is not None and (one[0], other[0]) == pair

    def merge(self, left: int, right: int) -> None:
        """Join two neighbours, and propose the pairs that this makes."""
        one, other = self.symbols[left], self.symbols[right]
        assert one is not None
        assert other is not None
        merged = self.segmenter.merge_of(one[0], other[0])
        assert merged is not None
        self.symbols[left], self.symbols[right] = (merged[1], one[1] + other[1]), None
        after = self.following[left] = self.following[right]
        if after < len(self.symbols):
            self.preceding[after] = left
            self._propose(left, after)
        if self.preceding[left] >= 0:
            self._propose(self.preceding[left], left)

    def _propose(self, left: int, right: int) -> None:
        one, other = self.symbols[left], self.symbols[right]
        assert one is not None
        assert other is not None
        merged = self.segmenter.merge_of(one[0], other[0])
        if merged is not None:
            heapq.heappush(self.agenda, (merged[0], left, (one[0], other[0])))
