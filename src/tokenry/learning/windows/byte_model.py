"""A static model of the next byte from the bytes before it, in integers only.

Counts of order 0 to k are blended as Witten and Bell (1991) do: a context that was followed by d
different bytes leaves d of its count + d to the next shorter context. Every probability is a whole
number of 2^16ths, at least one, and the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.corpus.batches import batches

Counts = NDArray[np.int64]
TOTAL: Final = 1 << 16
MOST_ORDER: Final = 7  # a context and a byte fit into 64 bits
_BLOCK: Final = 8 << 20  # bytes counted at a time


@dataclass(frozen=True, eq=False)
class ByteCounts:
    """Counts by order: ascending keys (the context and the byte as one number) and counts."""

    grams: tuple[tuple[NDArray[np.uint64], Counts], ...]
    _known: dict[bytes, Counts] = field(default_factory=dict)

    @classmethod
    def of(cls, documents: Iterable[bytes], order: int) -> ByteCounts:
        """Count; documents follow one another without a mark between them."""
        grams = [(np.zeros(0, np.uint64), np.zeros(0, np.int64)) for _ in range(order + 1)]
        for block in filter(None, map(b"".join, batches(documents, _BLOCK))):
            data = np.frombuffer(block, np.uint8).astype(np.uint64)
            keys = np.zeros(len(data), np.uint64)
            for k in range(order + 1):
                keys = (keys[:-1] << np.uint64(8) | data[k:]) if k else data
                grams[k] = _merged(grams[k], np.unique(keys, return_counts=True))
        return cls(tuple(grams))

    @property
    def order(self) -> int:
        """Bytes of the longest context."""
        return len(self.grams) - 1

    def frequencies(self, context: bytes) -> Counts:
        """Of each byte after ``context``, shape (256,): at least 1, and `TOTAL` together."""
        context = context[-self.order :] if self.order else b""
        known = self._known.get(context)
        if known is None:
            shorter = self.frequencies(context[1:]) if context else np.full(256, TOTAL // 256)
            known = self._known[context] = _blend(self._counts(context), shorter)
        return known

    def _counts(self, context: bytes) -> Counts:
        keys, counts = self.grams[len(context)]
        first = int.from_bytes(context) << 8
        begin, end = np.searchsorted(keys, np.array([first, first + 256], np.uint64))
        found = np.zeros(256, np.int64)
        found[(keys[begin:end] - np.uint64(first)).astype(np.int64)] = counts[begin:end]
        return found


def _merged(
    known: tuple[NDArray[np.uint64], Counts], more: tuple[NDArray[np.uint64], Counts]
) -> tuple[NDArray[np.uint64], Counts]:
    keys, places = np.unique(np.concatenate([known[0], more[0]]), return_inverse=True)
    counts = np.zeros(len(keys), np.int64)
    np.add.at(counts, places, np.concatenate([known[1], more[1]]))
    return keys, counts


def _blend(counts: Counts, shorter: Counts) -> Counts:
    """Counts with a share for the shorter context, as 2^16ths; what rounding left goes to the most
    frequent byte.
    """
    different = int((counts > 0).sum())
    if different == 0:
        return shorter
    while counts.sum() >= 1 << 30:  # so that products fit into 64 bits
        counts = (counts + 1) // 2
    weights = counts * TOTAL + different * shorter
    found = weights * (TOTAL - 256) // int(weights.sum()) + 1
    found[int(found.argmax())] += TOTAL - int(found.sum())
    return found
