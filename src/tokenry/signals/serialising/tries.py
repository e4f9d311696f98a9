"""Which ids may come next, where only some sequences are valid: those of a catalogue.

RecGPT restricts what it generates to the items that there are (Jiang et al. 2025,
arXiv:2506.06270).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError
from tokenry.signals.serialising.contract import Places


@dataclass(frozen=True, eq=False)
class CodeTrie:
    """Sequences of one length, sorted; a prefix is a range of rows.

    Attributes:
        rows: shape (sequences, length), sorted, each once.
    """

    rows: Places

    @classmethod
    def of(cls, sequences: Iterable[Sequence[int]] | NDArray[Any]) -> CodeTrie:
        """Of all valid sequences.

        Raises:
            SignalError: there is none, or they are of several lengths.
        """
        many = sequences if isinstance(sequences, np.ndarray) else [*map(tuple, sequences)]
        if len({len(each) for each in many}) != 1:
            raise SignalError("sequences of a trie; expected one or more of one length")
        return cls(np.unique(np.asarray(many, np.int64), axis=0))

    def __len__(self) -> int:
        return len(self.rows)

    def __contains__(self, sequence: Sequence[int]) -> bool:
        begin, end = self._range(sequence)
        return len(sequence) == self.rows.shape[1] and begin < end

    def allowed(self, prefix: Sequence[int]) -> Places:
        """Ids that some valid sequence has behind this prefix, ascending."""
        begin, end = self._range(prefix)
        if begin == end or len(prefix) >= self.rows.shape[1]:
            return np.zeros(0, np.int64)
        return np.unique(self.rows[begin:end, len(prefix)])

    def mask(self, prefix: Sequence[int], size: int) -> NDArray[np.bool_]:
        """The same of ``size`` ids as true and false."""
        mask = np.zeros(size, np.bool_)
        mask[self.allowed(prefix)] = True
        return mask

    def nearest(self, sequence: Sequence[int]) -> Places:
        """A valid sequence that begins with as much of this one as any: total for all ids."""
        begin, end = 0, len(self.rows)
        for place, value in enumerate(sequence[: self.rows.shape[1]]):
            column = self.rows[begin:end, place]
            low = begin + int(np.searchsorted(column, value, "left"))
            high = begin + int(np.searchsorted(column, value, "right"))
            if low == high:
                break
            begin, end = low, high
        return np.asarray(self.rows[begin])

    def _range(self, prefix: Sequence[int]) -> tuple[int, int]:
        begin, end = 0, len(self.rows)
        for place, value in enumerate(prefix[: self.rows.shape[1]]):
            column = self.rows[begin:end, place]
            end = begin + int(np.searchsorted(column, value, "right"))
            begin += int(np.searchsorted(column, value, "left"))
        return (begin, begin) if len(prefix) > self.rows.shape[1] else (begin, end)
