"""PickyBPE and BoundlessBPE as their definitions say: the readable twin of the native learner.

Every step counts all pairs anew, so it is for small data: a few hundred merges of a few kilobytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import pairwise

import numpy as np

from tokenry.learning.alphabet import BYTE_ORDER
from tokenry.learning.event_learning import NEVER, LogLearner
from tokenry.learning.event_list import EventList
from tokenry.text.segmenters.event_log import (
    BYTES,
    DELETION,
    MERGE,
    SUPERMERGE,
    Derivations,
    WordRun,
    join,
)

Pair = tuple[int, int]
Best = tuple[int, Pair] | None  # count and pair


class ReadableEvents:
    """The state of learning: runs of pretokens with how often each was seen, and what is known.

    For PickyBPE each pretoken is a run of its own.
    """

    def __init__(
        self,
        runs: Iterable[tuple[list[bytes], int]],
        options: LogLearner,
        max_words: int | None = None,
    ) -> None:
        self.options = options
        self.max_words = max_words
        self.runs: list[tuple[WordRun, int]] = [
            ([[BYTE_ORDER.index(byte) for byte in word] for word in run], weight)
            for run, weight in runs
        ]
        self.pieces = [bytes([byte]) for byte in BYTE_ORDER]
        self.words = [1] * BYTES  # that a symbol spans
        self.known = Derivations()
        self.events: list[tuple[int, int, int, int]] = []
        self.counts: list[int] = []

    def learn(self) -> EventList:
        """Merge and delete until the vocabulary is full or no pair is left."""
        size = self.options.vocab_size - len(self.options.special_tokens)
        while len(self.known.present) < size and self.step():
            pass
        events = np.array(self.events, dtype=np.uint32).reshape(-1, 4)
        counts = np.array(self.counts, dtype=np.uint64)
        return EventList(self.options.special_tokens, events, counts)

    def step(self) -> bool:
        """Join the most frequent pair; False where there is none."""
        merge = self._best(self._count(pairs_in_words), self._may_merge)
        supermerge = self._best(self._count(pairs_of_words), self._may_join)
        if supermerge and (not merge or supermerge[0] > merge[0]):
            self._join(SUPERMERGE, *supermerge)
            return True
        if merge:
            self._merge(*merge)
        return merge is not None

    def _count(self, pairs: Callable[[WordRun], Iterable[Pair]]) -> Counter[Pair]:
        counts: Counter[Pair] = Counter()
        for run, weight in self.runs:
            for pair in pairs(run):
                counts[pair] += weight
        return counts

    def _best(self, counts: Counter[Pair], allowed: Callable[[Pair], bool]) -> Best:
        for pair, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            if count >= max(1, self.options.min_frequency) and allowed(pair):
                return count, pair
        return None

    def _piece(self, pair: Pair) -> bytes:
        return self.pieces[pair[0]] + self.pieces[pair[1]]

    def _fits(self, pair: Pair) -> bool:
        longest = self.options.max_piece_length
        return longest is None or len(self._piece(pair)) <= longest

    def _is_superword(self, piece: bytes) -> bool:
        return piece in self.pieces and self.words[self.pieces.index(piece)] > 1

    def _may_merge(self, pair: Pair) -> bool:
        return self._fits(pair) and not self._is_superword(self._piece(pair))

    def _may_join(self, pair: Pair) -> bool:
        piece = self._piece(pair)
        words = self.words[pair[0]] + self.words[pair[1]]
        return (
            self._fits(pair)
            and (self.max_words is None or words <= self.max_words)
            and (piece not in self.pieces or self._is_superword(piece))
        )

    def _join(self, kind: int, count: int, pair: Pair) -> None:
        piece = self._piece(pair)
        if piece not in self.pieces:
            self.pieces.append(piece)
            joined = self.words[pair[0]] + self.words[pair[1]]
            self.words.append(joined if kind == SUPERMERGE else 1)
        made = self.pieces.index(piece)
        self.known.make(made, pair)
        self._add((kind, *pair, made), count)
        left, right = pair
        if kind == SUPERMERGE:
            self._change(lambda run: join(run, [left], [right], [made]))
        else:
            self._change(lambda run: [join(word, left, right, made) for word in run])

    def _merge(self, count: int, pair: Pair) -> None:
        before = {symbol: self._frequency(symbol) for symbol in pair}
        self._join(MERGE, count, pair)
        used = {symbol: before[symbol] - self._frequency(symbol) for symbol in before}
        threshold = NEVER if self.options.threshold is None else self.options.threshold
        for symbol in before:
            if symbol >= BYTES and used[symbol] >= threshold * before[symbol]:
                self._delete(symbol)

    def _delete(self, symbol: int) -> None:
        parts = self.known.delete(symbol)
        self._add((DELETION, symbol, 0, 0), self._frequency(symbol))
        self._change(
            lambda run: [
                [part for each in word for part in (parts if each == symbol else [each])]
                for word in run
            ]
        )

    def _frequency(self, symbol: int) -> int:
        return sum(weight * word.count(symbol) for run, weight in self.runs for word in run)

    def _add(self, event: tuple[int, int, int, int], count: int) -> None:
        self.events.append(event)
        self.counts.append(count)

    def _change(self, change: Callable[[WordRun], WordRun]) -> None:
        self.runs = [(change(run), weight) for run, weight in self.runs]


def pairs_in_words(run: WordRun) -> Iterable[Pair]:
    """Neighbouring symbols of each word; "aaa" holds (a, a) twice."""
    return (pair for word in run for pair in pairwise(word))


def pairs_of_words(run: WordRun) -> Iterable[Pair]:
    """Neighbouring words that are one symbol each."""
    return ((left[0], right[0]) for left, right in pairwise(run) if len(left) == len(right) == 1)
