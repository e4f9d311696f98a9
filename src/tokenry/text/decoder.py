"""Ids back to bytes, where joining canonical pieces is all there is to do."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import VocabularyError
from tokenry.text.encoder import NativeEncoder
from tokenry.text.ragged import Ragged
from tokenry.vocabulary import Vocabulary

Ids = NDArray[np.uint32]
PLAIN, EXTRA, HOLE = 0, 1, 2


class Joiner:
    """Joins pieces in the core, except those that the core leaves to the vocabulary.

    A segmenter knows no bytes of specials and of pieces that text cannot produce; an id is *plain*
    where the core has the same bytes for it as the vocabulary.
    """

    def __init__(self, vocabulary: Vocabulary, encoder: NativeEncoder) -> None:
        self._vocabulary = vocabulary
        self._encoder = encoder
        known = encoder.pieces(len(vocabulary))
        kinds = np.array(
            [
                PLAIN if piece and piece == other else EXTRA
                for piece, other in zip(vocabulary.pieces, known, strict=True)
            ],
            dtype=np.uint8,
        )
        kinds[list(vocabulary.holes())] = HOLE
        self._kinds = kinds
        self._plain_below = int(np.flatnonzero(kinds != PLAIN)[0]) if kinds.any() else len(kinds)

    def check(self, ids: Sequence[int] | NDArray[Any]) -> Ids:
        """The ids as uint32, every one of them of the vocabulary.

        Raises:
            VocabularyError: an id is out of range, or a hole.
        """
        known = ids if isinstance(ids, np.ndarray) else np.array(list(ids))
        if len(known) == 0:
            return np.zeros(0, np.uint32)
        if known.dtype.kind not in "iu":
            # numpy has no integer type for what does not fit in 64 bits.
            for id_ in ids:
                self._vocabulary.check_id(operator.index(id_))
        low, high = int(known.min()), int(known.max())
        self._vocabulary.check_id(low)
        self._vocabulary.check_id(high)
        known = np.ascontiguousarray(known, dtype=np.uint32)
        if high >= self._plain_below:
            self._refuse_holes(known)
        return known

    def _refuse_holes(self, ids: Ids) -> None:
        holes = ids[self._kinds[ids] == HOLE]
        if len(holes):
            raise VocabularyError(
                f"id {holes[0]} is a hole in this vocabulary of {len(self._kinds)} ids: "
                "it stands for nothing"
            )

    def join(self, ids: Ids) -> bytes:
        """Pieces of checked ids, one after another."""
        if len(ids) == 0 or int(ids.max()) < self._plain_below:
            return self._encoder.decode(ids)
        parts: list[bytes] = []
        begin = 0
        for at in np.flatnonzero(self._kinds[ids] != PLAIN).tolist():
            parts += self._encoder.decode(ids[begin:at]), self._vocabulary.pieces[ids[at]] or b""
            begin = at + 1
        return b"".join([*parts, self._encoder.decode(ids[begin:])])

    def join_batch(self, batch: Ragged, threads: int | None) -> list[bytes]:
        """`join` for each sequence of a batch of checked ids."""
        if len(batch.ids) == 0 or int(batch.ids.max()) < self._plain_below:
            return self._encoder.decode_batch(batch, threads)
        return [self.join(ids) for ids in batch]
