"""Segmentation by a log of what was learnt: merges, supermerges and deletions, in their order.

A `EventLog` says how to encode: start from bytes and apply every event in order, each everywhere
and from left to right (`EventLog.replay`). Its three kinds:

- a merge joins two neighbouring symbols of a pretoken;
- a supermerge (BoundlessBPE: Schmidt et al. 2025, arXiv:2504.00178) joins two neighbouring
  pretokens that are one symbol each to one pretoken of one symbol;
- a deletion (PickyBPE: Chizhov et al. 2024, arXiv:2409.04599) puts, in place of a symbol, those
  that it was made of; in place of one of these that is deleted too, those that that one was made
  of, and so on. A later merge may make a deleted symbol again.

Nobody need apply 40,000 events to a word: of those that apply to what stands there, only the next
one matters, and after it only later ones do. `EventLog.settle` does that in readable Python, the
core with a heap (``native/encode/event_word.cpp``); both give what `EventLog.replay` gives.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.errors import VocabularyError
from tokenry.text.parts import Segmenter
from tokenry.text.pretokenizers.word_runs import WordRunPretokenizer
from tokenry.text.saved_parts import PickledFields, saved_as
from tokenry.text.segmenters.bpe import NO_RANK, BytePairSegmenter
from tokenry.text.segmenters.nearest_merges import merges_in_order
from tokenry.vocabulary import Vocabulary, pack

MERGE: Final = 0
SUPERMERGE: Final = 1
DELETION: Final = 2
BYTES: Final = 256
EVENTS: Final = ("merges stand in for deletions and supermerges, which such a file cannot say",)
WordRun = list[list[int]]  # pretokens, each of symbols
T = TypeVar("T")


@saved_as("events.EventLog")
@dataclass(frozen=True, eq=False)
class EventLog(PickledFields):
    """What was learnt. Symbols are numbers of the log; those that are left in the end have ids.

    Args:
        events: kind, left symbol, right symbol, made symbol, shape (n, 4); of a deletion only the
            left one counts, the others are 0.
        ids: of each symbol, -1 where it is deleted in the end, shape (s,). The first 256 symbols
            are the bytes, in any order; they are never deleted.
    """

    events: NDArray[np.uint32]
    ids: NDArray[np.int64]

    def replay(self, run: WordRun) -> WordRun:
        """Apply every event, in order: what a log means. Slow."""
        for time in range(len(self.events)):
            run = self.applied(time, run)
        return run

    def settle(self, run: WordRun) -> WordRun:
        """The same, from one event that applies to the next one that does."""
        now = 0
        while (time := min(self._applicable(run, now), default=None)) is not None:
            run = self.applied(time, run)
            now = time + 1
        return run

    def applied(self, time: int, run: WordRun) -> WordRun:
        """``run`` after one event."""
        kind, left, right, made = self._rows[time]
        if kind == SUPERMERGE:
            return join(run, [left], [right], [made])
        if kind == MERGE:
            return [join(symbols, left, right, made) for symbols in run]
        parts = self.parts[time]
        return [
            [each for symbol in symbols for each in (parts if symbol == left else (symbol,))]
            for symbols in run
        ]

    def _applicable(self, run: WordRun, now: int) -> Iterator[int]:
        """The next event from ``now`` on for everything in ``run`` that an event can change."""
        for symbols in run:
            yield from self._next(((MERGE, *pair) for pair in pairwise(symbols)), now)
            yield from self._next(((DELETION, symbol, 0) for symbol in symbols), now)
        neighbours = (
            (left, right) for left, right in pairwise(run) if len(left) == len(right) == 1
        )
        yield from self._next(((SUPERMERGE, left[0], right[0]) for left, right in neighbours), now)

    def _next(self, changes: Iterator[tuple[int, int, int]], now: int) -> Iterator[int]:
        for change in changes:
            times = self._times.get(change, ())
            at = bisect_left(times, now)
            if at < len(times):
                yield times[at]

    @cached_property
    def _rows(self) -> list[list[int]]:
        rows: list[list[int]] = self.events.tolist()
        return rows

    @cached_property
    def _times(self) -> dict[tuple[int, int, int], list[int]]:
        """When each change happens, ascending."""
        times: dict[tuple[int, int, int], list[int]] = defaultdict(list)
        for time, (kind, left, right, _) in enumerate(self._rows):
            times[kind, left, 0 if kind == DELETION else right].append(time)
        return dict(times)

    @cached_property
    def parts(self) -> dict[int, list[int]]:
        """What each deletion leaves of its symbol, by the number of the event."""
        known = Derivations()
        found: dict[int, list[int]] = {}
        for time, (kind, left, right, made) in enumerate(self._rows):
            if kind == DELETION:
                found[time] = known.delete(left)
            else:
                known.make(made, (left, right))
        return found

    def last_made(self, size: int) -> NDArray[np.uint32]:
        """When each of ``size`` ids was last made, `NO_RANK` where it never was."""
        times = np.full(size, NO_RANK, dtype=np.uint32)
        made = self.ids[self.events[:, 3]]
        last = (self.events[:, 0] != DELETION) & (made >= 0)
        times[made[last]] = np.flatnonzero(last)  # of equal ids the last one stays
        return times

    def start(self, vocabulary: Vocabulary) -> list[int]:
        """The symbol of each byte."""
        symbols = [0] * BYTES
        for symbol, id_ in enumerate(self.ids[:BYTES].tolist()):
            symbols[(vocabulary[id_] or b"\0")[0]] = symbol
        return symbols

    def check(self) -> None:
        """Raise where arrays have not the shape that they need; the core checks what is in them.

        Raises:
            VocabularyError: naming the shape.
        """
        if self.events.ndim != 2 or self.events.shape[1] != 4 or self.ids.ndim != 1:
            raise VocabularyError(
                f"a log has events of shape {self.events.shape} and ids of shape "
                f"{self.ids.shape}; expected (n, 4) and (s,)"
            )


class Derivations:
    """Which symbols are there at a time, and what each was made of when it last came to be."""

    def __init__(self) -> None:
        self.made_of: dict[int, tuple[int, int]] = {}
        self.present = set(range(BYTES))

    def make(self, symbol: int, pair: tuple[int, int]) -> None:
        """Note a merge; one that makes what is there already changes nothing."""
        if symbol not in self.present:
            self.present.add(symbol)
            self.made_of[symbol] = pair

    def delete(self, symbol: int) -> list[int]:
        """Note a deletion; what stands in place of the symbol from then on."""
        self.present.remove(symbol)
        parts: list[int] = []
        open_ = [symbol]
        while open_:
            each = open_.pop()
            if each in self.present:
                parts.append(each)
            else:
                open_ += reversed(self.made_of[each])
        return parts


def join(items: Sequence[T], left: T, right: T, made: T) -> list[T]:
    """Replace each ``left`` with a ``right`` after it by ``made``, from left to right."""
    joined: list[T] = []
    at = 0
    while at < len(items):
        if items[at] == left and at + 1 < len(items) and items[at + 1] == right:
            joined.append(made)
            at += 2
        else:
            joined.append(items[at])
            at += 1
    return joined


@saved_as("events.EventSegmenter")
@dataclass(frozen=True, eq=False)
class EventSegmenter(Segmenter):
    """A `tokenry.text.parts.Segmenter` that applies a log without supermerges (PickyBPE).

    Args:
        vocabulary: the pieces of the symbols that are left.
        log: what was learnt.
    """

    vocabulary: Vocabulary
    log: EventLog

    def segment(self, pretoken: bytes) -> list[int]:
        """Ids of one pretoken."""
        (symbols,) = self.log.settle([[self._start[byte] for byte in pretoken]])
        return self.log.ids[symbols].tolist()  # type: ignore[no-any-return]

    def native(self) -> _native.EventSegmenter:
        """The same in the native core; built once.

        Raises:
            VocabularyError: the log contradicts itself or the vocabulary, or has supermerges.
        """
        return self._core

    def nearest(self) -> tuple[BytePairSegmenter, tuple[str, ...]]:
        """Merges in the order in which the log last made their pieces."""
        return merges_in_order(self.vocabulary, self.log.last_made(len(self.vocabulary))), EVENTS

    @cached_property
    def _core(self) -> _native.EventSegmenter:
        self.log.check()
        if (self.log.events[:, 0] == SUPERMERGE).any():
            raise VocabularyError("a log with supermerges needs a WordRunSegmenter")
        return _native.EventSegmenter(**_packed(self.vocabulary, self.log))

    @cached_property
    def _start(self) -> list[int]:
        return self.log.start(self.vocabulary)


@saved_as("events.WordRunSegmenter")
@dataclass(frozen=True, eq=False)
class WordRunSegmenter(Segmenter):
    """A `tokenry.text.parts.Segmenter` that applies a log to runs of words (BoundlessBPE).

    Supermerges join words; a pretoken here is a run of neighbouring words, as ``words`` cuts it.

    Args:
        vocabulary: the pieces of the symbols that are left.
        log: what was learnt.
        words: the pretokenizer of the tokenizer, which knows the words in a run.
    """

    vocabulary: Vocabulary
    log: EventLog
    words: WordRunPretokenizer

    def segment(self, pretoken: bytes) -> list[int]:
        """Ids of one run of words, or of one pretoken that is no word."""
        run = [[self._start[byte] for byte in word] for word in self.words.words_of(pretoken)]
        symbols = [symbol for word in self.log.settle(run) for symbol in word]
        return self.log.ids[symbols].tolist()  # type: ignore[no-any-return]

    def native(self) -> _native.WordRunSegmenter:
        """The same in the native core; built once.

        Raises:
            VocabularyError: the log contradicts itself or the vocabulary.
        """
        return self._core

    def nearest(self) -> tuple[BytePairSegmenter, tuple[str, ...]]:
        """Merges in the order in which the log last made their pieces."""
        return merges_in_order(self.vocabulary, self.log.last_made(len(self.vocabulary))), EVENTS

    @cached_property
    def _core(self) -> _native.WordRunSegmenter:
        self.log.check()
        return _native.WordRunSegmenter(
            **_packed(self.vocabulary, self.log), splitter=self.words.native
        )

    @cached_property
    def _start(self) -> list[int]:
        return self.log.start(self.vocabulary)


def _packed(vocabulary: Vocabulary, log: EventLog) -> dict[str, Any]:
    pieces, offsets = pack(vocabulary.matchable())
    return {
        "pieces": pieces,
        "offsets": offsets,
        "events": np.ascontiguousarray(log.events, dtype=np.uint32),
        "ids": np.ascontiguousarray(log.ids, dtype=np.int64),
    }
