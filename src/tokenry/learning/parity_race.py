"""The race of `tokenry.learning.parity`: an index a language, and who is worst off."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.json_data import Json
from tokenry.learning.checkpoint import ProgressStep
from tokenry.learning.merge_list import MergeList
from tokenry.learning.merging import NO_LIMIT, native_errors

_ALL_PAIRS = 2**40  # merges expected: so many that the index leaves no pair out
_STEP = 64  # merges between two reports of progress


@dataclass(frozen=True)
class IndexedWords:
    """Words of one language: the index of their pairs, their bytes, and their tokens at first."""

    index: _native.PairIndex
    size: int
    tokens: int


def indexed(
    counter: _native.WordCounter, learnt: MergeList, longest: int | None, *, count: bool
) -> IndexedWords:
    """Words with all merges so far; takes them out of ``counter``.

    Args:
        counter: the words.
        learnt: the merges.
        longest: bytes of the longest piece; None for no limit.
        count: whether tokens are counted, by merging once more one by one; if not, the merges are
            applied at once, in a fraction of the time, and ``tokens`` is -1.
    """
    _, offsets, counts = counter.words()
    size = int((np.diff(offsets).astype(np.int64) * counts.astype(np.int64)).sum())
    start = MergeList(learnt.specials, learnt.alphabet) if count else learnt
    with native_errors():
        index = _native.PairIndex.of_words(
            counter,
            *start.packed(),
            start.byte_ids(),
            start.table(),
            1,
            longest or NO_LIMIT,
            _ALL_PAIRS,
        )
    if not count:
        return IndexedWords(index, size, -1)
    merged = sum(index.merge(left, right) for left, right in learnt.merges)
    return IndexedWords(index, size, size - merged)


@dataclass
class ParityState:
    """What is learnt so far.

    Attributes:
        learnt: the merges.
        recent: the languages of the last of them, by number.
        tokens: of each language now; None before the race.
    """

    learnt: MergeList
    recent: deque[int]
    tokens: NDArray[np.float64] | None = None

    def snapshot(self) -> Callable[[], Json]:
        """See `tokenry.learning.checkpoint.Resumable`."""
        tokens = None if self.tokens is None else self.tokens.tolist()
        recent, merges = list(self.recent), self.learnt.snapshot()
        return lambda: {"recent": recent, "tokens": tokens} | merges()

    def restore(self, saved: Json) -> None:
        """Go back to a snapshot."""
        self.learnt.restore(saved)
        self.recent.extend(int(each) for each in saved["recent"])
        if saved["tokens"] is not None:
            self.tokens = np.array([float(each) for each in saved["tokens"]])


class ParityRace:
    """Indexes of all languages, kept in step; the worst language makes the next merge.

    Args:
        state: grows with each merge.
        train: words of each language, by which merges are chosen; are taken out.
        dev: words of each language, on which tokens are counted; empty: the same as ``train``.
        lines: of each language in ``dev``.
        longest: bytes of the longest piece; None for no limit.
        least: a pair that occurs less often is not merged.
        most: the share of the last merges above which a language is passed over.
    """

    def __init__(
        self,
        state: ParityState,
        train: Sequence[_native.WordCounter],
        dev: Sequence[_native.WordCounter],
        lines: Sequence[int],
        *,
        longest: int | None,
        least: int,
        most: float,
    ) -> None:
        count = state.tokens is None
        known = [indexed(each, state.learnt, longest, count=count) for each in train]
        measured = [indexed(each, state.learnt, longest, count=count) for each in dev]
        self.state = state
        self.train = [each.index for each in known]
        self.dev = [each.index for each in measured]
        if state.tokens is None:
            tokens = [each.tokens for each in measured or known]
            state.tokens = np.array(tokens, dtype=np.float64)
        self.tokens = state.tokens
        self.sizes = np.array(lines or [each.size for each in known], dtype=np.float64)
        self.least = least
        self.most = most

    def run(self, size: int) -> Iterator[ProgressStep]:
        """Merge until there are ``size`` ids or no language has a pair left."""
        learnt = self.state.learnt
        while len(learnt) < size and self._step():
            if len(learnt) % _STEP == 0:
                yield "merge", len(learnt), size
        yield "merge", len(learnt), size

    def _step(self) -> bool:
        """Merge the pair of the worst language everywhere; False where there is none."""
        rates = self.sizes / np.maximum(self.tokens, 1)
        order: list[int] = np.argsort(rates, kind="stable").tolist()
        resting = [each for each in order if self._is_resting(each)]
        for language in [each for each in order if each not in resting] + resting:
            best = self.train[language].best()
            if best is not None and best[2] >= self.least:
                self.state.recent.append(language)
                self._merge(best[0], best[1])
                self.state.learnt.add(*best)
                return True
        return False

    def _is_resting(self, language: int) -> bool:
        recent = self.state.recent
        return bool(recent.maxlen) and recent.count(language) > self.most * (recent.maxlen or 1)

    def _merge(self, left: int, right: int) -> None:
        made = [index.merge(left, right) for index in self.train]
        if self.dev:
            made = [index.merge(left, right) for index in self.dev]
        self.tokens -= made
