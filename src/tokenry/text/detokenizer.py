"""Ids back to bytes: pieces joined, and what a decoder does beyond that."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, Final, SupportsIndex

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.errors import VocabularyError
from tokenry.text.encoder import Encoder
from tokenry.text.engines import thread_count
from tokenry.text.parts import Decoder
from tokenry.text.pipeline import Pipeline
from tokenry.text.ragged import Ids, Ragged
from tokenry.vocabulary import Vocabulary

PLAIN, EXTRA, HOLE = 0, 1, 2
# Up to so many ids a loop in Python is quicker than arrays: 3 ids take 0.6 us instead of 11 us.
FEW = 64


class Detokenizer:
    """Ids to bytes and text for one pipeline.

    Args:
        pipeline: what to undo.
        encoder: that of the same pipeline, which joins pieces in the core.
    """

    def __init__(self, pipeline: Pipeline, encoder: Encoder) -> None:
        self._vocabulary = pipeline.vocabulary
        self._decoder = pipeline.decoder
        self._encoder = encoder

    @cached_property
    def _joiner(self) -> PieceJoiner:
        return PieceJoiner(self._vocabulary, self._encoder.engines.pretokens)

    def decode(self, ids: Sequence[int] | Ids, errors: str = "replace") -> str:
        """Text of ``ids``; ``errors`` says what becomes of bytes that are not UTF-8."""
        return self.decode_bytes(ids).decode("utf-8", self._handler(errors))

    def _handler(self, errors: str) -> str:
        """The error handler: that of the decoder's program for "replace"."""
        if errors != "replace" or self._decoder is None:
            return errors
        return self._decoder.replacing

    def decode_bytes(self, ids: Sequence[int] | Ids) -> bytes:
        """Bytes that ``ids`` stand for.

        Raises:
            VocabularyError: an id that the vocabulary does not have, or that stands for nothing.
        """
        if self._decoder is None and type(ids) is list and len(ids) <= FEW:
            joined = self._join_few(ids)
            if joined is not None:
                return joined
        joiner, decoder = self._joiner, self._decoder
        known = joiner.check(ids)
        if decoder is None:
            return joiner.join(known)
        joined = decoder.join_most(known, joiner.join)
        return self._decode_pieces(decoder, known.tolist()) if joined is None else joined

    def _join_few(self, ids: list[int]) -> bytes | None:
        """Pieces of ids, or None where one of them is none; without the way into the core."""
        pieces = self._vocabulary.pieces
        try:
            if ids and min(ids) < 0:
                return None
            return b"".join([pieces[id_] for id_ in ids])  # type: ignore[misc]
        except (IndexError, TypeError):
            return None

    def _decode_pieces(self, decoder: Decoder, ids: list[int]) -> bytes:
        pieces = self._vocabulary.pieces
        return decoder([pieces[id_] or b"" for id_ in ids], ids)

    def decode_batch(
        self,
        batch: Ragged | Iterable[Sequence[int] | Ids],
        errors: str = "replace",
        *,
        threads: int | None = None,
    ) -> list[str]:
        """Texts of many sequences of ids."""
        joiner = self._joiner
        if not isinstance(batch, Ragged):
            batch = Ragged.of(map(joiner.check, batch))
        if self._decoder is not None:
            return [self.decode(ids, errors) for ids in batch]
        joined = joiner.join_batch(Ragged(joiner.check(batch.ids), batch.offsets), threads)
        return [data.decode("utf-8", errors) for data in joined]


# numpy takes a second for 30 million ids, in which Ctrl-C would wait.
AT_ONCE: Final = 1 << 20


def _array(ids: list[Any]) -> NDArray[Any]:
    """Many ids, some at a time where all are whole numbers of 64 bits."""
    parts = [np.array(ids[at : at + AT_ONCE]) for at in range(0, len(ids), AT_ONCE)]
    if len(parts) > 1 and all(part.dtype == np.int64 for part in parts):
        return np.concatenate(parts)
    return parts[0] if len(parts) == 1 else np.array(ids)


ONE_AND_MANY: Final = "decode takes one sequence, decode_batch many"


class PieceJoiner:
    """Joins pieces in the core, except those that the core leaves to the vocabulary.

    A segmenter knows no bytes of specials and of pieces that text cannot produce; an id is *plain*
    where the core has the same bytes for it as the vocabulary.
    """

    def __init__(self, vocabulary: Vocabulary, engine: _native.Engine) -> None:
        self._vocabulary = vocabulary
        self._engine = engine
        known = _known_pieces(engine, len(vocabulary))
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
        try:
            known = ids if isinstance(ids, np.ndarray) else _array(list(ids))
        except TypeError:
            raise TypeError(f"ids {ids!r}; expected a sequence of ids ({ONE_AND_MANY})") from None
        if len(known) == 0:
            return np.zeros(0, np.uint32)
        if known.dtype.kind in "SU":
            raise TypeError(
                f"ids {ids!r}; expected ids, which are numbers, not text ({ONE_AND_MANY})"
            )
        if known.dtype.kind not in "iu":
            # numpy has no integer type for what does not fit in 64 bits.
            for id_ in ids:
                if not isinstance(id_, SupportsIndex):
                    raise TypeError(f"ids with {id_!r}; expected whole numbers")
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
            return self._engine.decode(ids)
        parts: list[bytes] = []
        begin = 0
        for at in np.flatnonzero(self._kinds[ids] != PLAIN).tolist():
            parts += self._engine.decode(ids[begin:at]), self._vocabulary.pieces[ids[at]] or b""
            begin = at + 1
        return b"".join([*parts, self._engine.decode(ids[begin:])])

    def join_batch(self, batch: Ragged, threads: int | None) -> list[bytes]:
        """`join` for each sequence of a batch of checked ids."""
        if len(batch.ids) == 0 or int(batch.ids.max()) < self._plain_below:
            return self._engine.decode_batch(batch.ids, batch.offsets, thread_count(threads))
        return [self.join(ids) for ids in batch]


def _known_pieces(engine: _native.Engine, size: int) -> list[bytes]:
    """What the core knows each id below ``size`` as."""
    ids = np.arange(size, dtype=np.uint32)
    return engine.decode_batch(ids, np.arange(size + 1, dtype=np.uint64), 1)
