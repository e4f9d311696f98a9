"""Byte-pair encoding over codes: pairs of codes that often follow each other become one id.

By the core that learns BPE of text (`tokenry.learning.merging`): a code is a word of two bytes, the
first below 128 and the second not, so that no merge begins or ends within one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.errors import SignalError
from tokenry.learning.merge_list import MergeList
from tokenry.learning.merging import NO_LIMIT, native_errors
from tokenry.signals.serialising.contract import Places
from tokenry.text.segmenters.alone import encode_alone
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.vocabulary import Vocabulary

MOST_LEVELS: Final = 1 << 14
_HALF: Final = 128


@dataclass(frozen=True, eq=False)
class CodeBpe:
    """Merges of codes.

    Attributes:
        levels: codes from 0 to ``levels - 1``, which are the first ids.
        merges: left and right id of each id behind them, shape (m, 2).
    """

    levels: int
    merges: NDArray[np.int64]

    def __post_init__(self) -> None:
        if not 1 <= self.levels <= MOST_LEVELS:
            raise SignalError(
                f"BPE over {self.levels} levels; expected 1 to {MOST_LEVELS}: decompose codes "
                "first (tokenry.signals.serialising.decomposition)"
            )
        made = self.levels + np.arange(len(self.merges))
        if (
            self.merges.shape != (len(made), 2)
            or ((self.merges < 0) | (self.merges >= made[:, None])).any()
        ):
            raise SignalError("merges of ids that are not made before them")

    @classmethod
    def learn(
        cls, rows: Iterable[NDArray[Any]], levels: int, *, size: int, least: int = 2
    ) -> CodeBpe:
        """Merge the most frequent pair, again and again.

        Args:
            rows: codes of items, each of one axis; merges never cross their ends.
            levels: of the codes.
            size: ids in all.
            least: a pair that occurs less often is not merged.

        Raises:
            SignalError: a code is beyond its levels, or they are too many.
        """
        start = cls(levels, np.zeros((0, 2), np.int64))
        learnt = start._listed
        documents = [_word(start._checked(row)) for row in rows]
        with native_errors():
            symbols = _native.DocumentSymbols(
                None, *learnt.packed(), learnt.byte_ids(), learnt.table()
            )
            ends = np.cumsum([len(each) for each in documents]).astype(np.uint64)
            starts = np.concatenate([np.zeros(1, np.uint64), ends[:-1]])
            symbols.add_ranges(b"".join(documents), starts, ends)
            wanted = max(0, size - levels)
            index = _native.PairIndex.of_documents(
                symbols, *learnt.packed(), max(1, least), NO_LIMIT, wanted, None
            )
            pairs, _ = index.run(wanted)
        return cls(levels, pairs.astype(np.int64) - 256)

    def __len__(self) -> int:
        return self.levels + len(self.merges)

    def encode(self, codes: NDArray[Any]) -> Places:
        """Ids of codes, both of one axis.

        Raises:
            SignalError: a code is beyond its levels.
        """
        word = _word(self._checked(codes))
        if not word:
            return np.zeros(0, np.int64)
        return encode_alone(self._segmenter, [word]).ids.astype(np.int64) - 256

    def decode(self, ids: Sequence[int] | NDArray[Any]) -> Places:
        """Codes of ids; any sequence of ids below ``len(self)`` is some codes.

        Raises:
            SignalError: an id is beyond.
        """
        ids = np.asarray(ids, np.int64)
        if (ids < 0).any() or (ids >= len(self)).any():
            raise SignalError(f"ids from {ids.min()} to {ids.max()}; expected 0 to {len(self) - 1}")
        parts = [self._codes[each] for each in ids.tolist()]
        return np.array([code for part in parts for code in part], np.int64)

    @cached_property
    def _codes(self) -> list[tuple[int, ...]]:
        """The codes of each id."""
        found: list[tuple[int, ...]] = [(code,) for code in range(self.levels)]
        for left, right in self.merges.tolist():
            found.append(found[left] + found[right])
        return found

    @property
    def _listed(self) -> MergeList:
        """Bytes, codes as their merges, and the merges of codes: ids are 256 more than here."""
        learnt = MergeList((), bytes(range(256)))
        for code in range(self.levels):
            learnt.add(code // _HALF, _HALF + code % _HALF, 0)
        for left, right in self.merges.tolist():
            learnt.add(left + 256, right + 256, 0)
        return learnt

    @cached_property
    def _segmenter(self) -> _native.Segmenter:
        learnt = self._listed
        vocabulary = Vocabulary(learnt.pieces)
        return BytePairSegmenter.from_merges(vocabulary, learnt.table()).native()

    def _checked(self, codes: NDArray[Any]) -> Places:
        codes = np.asarray(codes, np.int64)
        if codes.ndim != 1 or (codes < 0).any() or (codes >= self.levels).any():
            raise SignalError(f"codes of shape {codes.shape} for {self.levels} levels")
        return codes


def _word(codes: Places) -> bytes:
    """Two bytes a code."""
    pairs = np.stack([codes // _HALF, _HALF + codes % _HALF], axis=-1)
    return pairs.astype(np.uint8).tobytes()
