"""What a packer is: documents in, rows of one length out, a window of documents at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry.shards.sequences import FILLED, TokenSequences, joined

WINDOW: Final = 1 << 22
"""Ids that a packer looks at together; at 2,048 a row it fills 2,000 rows at once."""

Stretches = NDArray[np.int64]
"""Shape (k, 3): row, and the half-open stretch [begin, end) of a run of ids that goes there."""


Assign = Callable[[NDArray[np.int64], int, bool], tuple[Stretches, NDArray[np.int64], int]]
"""Where documents go that end at these places: see `Windowed`."""


class Packer(Protocol):
    """Documents to rows."""

    def pack(self, documents: Iterable[TokenSequences], length: int, pad: int) -> Packing:
        """Rows of ``length`` ids, lazily.

        Args:
            documents: each sequence of one segment.
            length: of a row.
            pad: the id that fills a row that nothing else fills.
        """


class Packing(Protocol):
    """Rows as they are made, and what was lost on the way."""

    dropped: int

    def __iter__(self) -> Iterator[TokenSequences]: ...


@dataclass
class Windowed:
    """Rows made a window at a time; what a window leaves over goes into the next.

    Args:
        documents: to pack.
        length: of a row.
        pad: fills rows at the end.
        assign: of the ends of documents, the length of a row, and whether these are the last
            documents: stretches row by row, stretches [begin, end) that stay for the next window,
            and how many ids are dropped.
    """

    documents: Iterable[TokenSequences]
    length: int
    pad: int
    assign: Assign
    dropped: int = 0

    def __iter__(self) -> Iterator[TokenSequences]:
        waiting: list[TokenSequences] = []
        held = 0
        for batch in self.documents:
            waiting.append(batch)
            held += len(batch.ids)
            if held >= WINDOW:
                rows, rest = self._window(waiting, last=False)
                waiting, held = ([rest], len(rest.ids)) if len(rest) else ([], 0)
                if len(rows):
                    yield rows
        if waiting:
            rows, _ = self._window(waiting, last=True)
            if len(rows):
                yield rows

    def _window(
        self, waiting: list[TokenSequences], *, last: bool
    ) -> tuple[TokenSequences, TokenSequences]:
        run = joined(waiting)
        stretches, kept, dropped = self.assign(run.ends, self.length, last)
        self.dropped += dropped
        return self._rows(run, stretches), gathered(run, kept)

    def _rows(self, run: TokenSequences, stretches: Stretches) -> TokenSequences:
        """Stretches as rows, padded where they do not fill one."""
        segments = gathered(run, stretches[:, 1:])
        lengths = stretches[:, 2] - stretches[:, 1]
        count = int(stretches[-1, 0]) + 1 if len(stretches) else 0
        filled = np.bincount(stretches[:, 0], weights=lengths, minlength=count).astype(np.int64)
        lacking = np.flatnonzero(filled < self.length)
        if len(lacking):
            last = np.searchsorted(stretches[:, 0], lacking, side="right")
            segments = _padded(segments, last, self.length - filled[lacking], self.pad)
        ends = np.arange(1, count + 1, dtype=np.int64) * self.length
        return TokenSequences(
            segments.ids, ends, segments.segments, segments.origins, segments.channels
        )


def gathered(run: TokenSequences, stretches: NDArray[np.int64]) -> TokenSequences:
    """Stretches [begin, end) of documents of a run, shape (k, 2), each a sequence of its own."""
    starts = run.starts()
    documents = np.searchsorted(run.ends, stretches[:, 0], side="right")
    origins = run.origins[documents]
    origins[:, 2] += (stretches[:, 0] - starts[documents]).astype(np.uint32)
    ends = np.cumsum(stretches[:, 1] - stretches[:, 0])
    pairs = stretches.tolist()
    channels = {name: _cut(each, pairs) for name, each in run.channels.items()}
    return TokenSequences(_cut(run.ids, pairs), ends, ends, origins, channels)


def _cut(array: NDArray[Any], pairs: list[list[int]]) -> NDArray[Any]:
    return np.concatenate([array[:0], *(array[begin:end] for begin, end in pairs)])


def _padded(
    segments: TokenSequences, after: NDArray[np.intp], lengths: NDArray[np.int64], pad: int
) -> TokenSequences:
    """With segments of padding behind those numbers (counted before any is put in)."""
    places = np.repeat(segments.segments[after - 1], lengths)
    sizes = np.insert(np.diff(segments.segments, prepend=0), after, lengths)
    ends = np.cumsum(sizes)
    return TokenSequences(
        np.insert(segments.ids, places, pad),
        ends,
        ends,
        np.insert(segments.origins, after, FILLED, axis=0),
        {name: np.insert(each, places, 0) for name, each in segments.channels.items()},
    )
