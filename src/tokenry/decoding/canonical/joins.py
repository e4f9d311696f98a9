"""Which ids can stand beside each other inside of a pretoken.

A segmenter is asked: ids ``c`` can be followed by ``v`` where it makes ``c v`` of their bytes. That
decides for all that may follow, since the beginning of what a segmenter makes is what it makes of
the beginning: of Unigram, whose best path to a place does not depend on what follows; of longest
match; and of byte-pair merging, which needs the last id alone. There, as long as nothing was merged
across the bounds of the ids of a sequence, each of them is merged as if it stood alone; so the
first merge across a bound is one that its two neighbours alone would make too.

Where merging starts from characters, an id that begins inside of a character (a fallback byte)
needs those before it in the character as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.piece_order import PieceOrder
from tokenry.text.ragged import Ragged
from tokenry.tokenizer import Tokenizer

Ids = tuple[int, ...]
Mask = NDArray[np.bool_]
KEPT = 4096
"""Masks that are kept; one of 50,000 ids is 6 KB."""


class PieceJoins(Protocol):
    """What a segmenter allows inside of a pretoken."""

    def starts(self) -> Mask:
        """Which ids can begin a pretoken, shape (ids,)."""

    def after(self, ids: Ids) -> Mask:
        """Which ids can follow ``ids``, which begin a pretoken, inside of it, shape (ids,)."""

    def needed(self, ids: Ids) -> int:
        """How many of the last of ``ids`` decide what can follow."""

    def is_open(self, ids: Ids) -> bool:
        """Whether a pretoken can begin with ``ids`` and go on."""

    def is_closed(self, ids: Ids) -> bool:
        """Whether a pretoken can be ``ids`` and nothing else."""


def joins_of(tokenizer: Tokenizer, pieces: Sequence[bytes | None], order: PieceOrder) -> PieceJoins:
    """What the tokenizer's segmenter allows.

    Args:
        tokenizer: whose segmenter is asked.
        pieces: bytes by id; None for ids that are never written.
        order: the same, sorted.
    """
    kind = PairJoins if tokenizer.segmenter.neighbours_decide else PathJoins
    return kind(tokenizer, pieces, order)


class PathJoins:
    """Asks the segmenter about the whole pretoken so far.

    Args:
        tokenizer: whose segmenter is asked.
        pieces: bytes by id; None for ids that are never written.
        order: the same, sorted.
    """

    def __init__(
        self, tokenizer: Tokenizer, pieces: Sequence[bytes | None], order: PieceOrder
    ) -> None:
        self._pieces, self._order = pieces, order
        self._closed = tokenizer
        self._going_on = _without_whole_pretokens(tokenizer)
        self._present = np.array([bool(piece) for piece in pieces])
        self._texts = [piece or b"" for piece in pieces]
        self._longest = max(map(len, self._texts), default=0)
        self._after = lru_cache(KEPT)(self._asked_after)
        self._alone = lru_cache(2)(self._asked_alone)
        self.is_open = lru_cache(KEPT)(self._is_open)
        self.is_closed = lru_cache(KEPT)(self._is_closed)

    def starts(self) -> Mask:
        """Those that a pretoken of their bytes becomes, or that it begins with."""
        found: Mask = self._alone(False) | self._alone(True)
        return found

    def after(self, ids: Ids) -> Mask:
        """Those with which the segmenter makes ``ids`` and the id of their bytes."""
        packed = self._after(self._kept(ids))
        return np.unpackbits(packed, count=len(self._pieces)).view(np.bool_)

    def needed(self, ids: Ids) -> int:
        """As many as follow `shared_end`."""
        last = self.shared_end(self._bytes(ids))
        return max(1, sum(cut > last for cut in self._cuts(ids)))

    def shared_end(self, data: bytes) -> int:
        """The last place inside of a pretoken that the best paths to all of its last places share.

        A path that wins goes through one of the last places from which a piece can reach on.
        """
        first = len(data) - self._longest + 1
        if first <= 0:
            return 0
        texts = [data[:end] for end in range(first, len(data) + 1)]
        paths = self._going_on.encode_pretokens(texts)
        return max(set.intersection(*({0, *self._cuts(path.tolist())} for path in paths)))

    def _kept(self, ids: Ids) -> Ids:
        return ids

    def _is_open(self, ids: Ids) -> bool:
        return self._made(self._going_on, ids)

    def _is_closed(self, ids: Ids) -> bool:
        return self._made(self._closed, ids)

    def _made(self, tokenizer: Tokenizer, ids: Ids) -> bool:
        return tuple(tokenizer.encode_pretokens([self._bytes(ids)])[0].tolist()) == ids

    def _bytes(self, ids: Sequence[int]) -> bytes:
        return b"".join([self._texts[id_] for id_ in ids])

    def _cuts(self, ids: Sequence[int]) -> list[int]:
        """Where ids end."""
        return np.cumsum([len(self._texts[id_]) for id_ in ids]).tolist()  # type: ignore[no-any-return]

    def _asked_alone(self, closed: bool) -> Mask:
        tokenizer = self._closed if closed else self._going_on
        return self._present & _begins(tokenizer.encode_pretokens(self._texts), ())

    def _asked_after(self, ids: Ids) -> NDArray[np.uint8]:
        data = self._bytes(ids)
        made = self._going_on.encode_pretokens([data + piece for piece in self._texts])
        return np.packbits(self._present & _begins(made, ids))


class PairJoins(PathJoins):
    """Byte-pair merging: the last id decides, with those before it in the same character.

    Args:
        tokenizer: whose segmenter says `neighbours_decide`.
        pieces: bytes by id; None for ids that are never written.
        order: the same, sorted.
    """

    def __init__(
        self, tokenizer: Tokenizer, pieces: Sequence[bytes | None], order: PieceOrder
    ) -> None:
        super().__init__(tokenizer, pieces, order)
        self._characters = not tokenizer.segmenter.starts_from_bytes

    def needed(self, ids: Ids) -> int:
        """One, or as many as stand in the last character."""
        return len(self._kept(ids))

    def after(self, ids: Ids) -> Mask:
        """None after an id that merging does not make: it can only be a pretoken of its own."""
        if not self.is_open(self._kept(ids)):
            return np.zeros(len(self._pieces), np.bool_)
        return super().after(ids)

    def _asked_after(self, ids: Ids) -> NDArray[np.uint8]:
        """Only ids that some piece could join to the end of these are asked about.

        A merge across the bound makes a piece that begins with an end of these bytes.
        """
        data = self._bytes(ids)
        first = np.zeros(256, np.bool_)
        for at in range(len(data)):
            node = self._order.descend(self._order.root, data[at:])
            if node is not None:
                first[self._order.branches(node).bytes] = True
        near = self._order.ids[first[self._order.first_bytes]]
        found = self._alone(False).copy()
        made = self._going_on.encode_pretokens([data + self._texts[id_] for id_ in near.tolist()])
        found[near] = _begins(made, ids, near)
        return np.packbits(found)

    def _kept(self, ids: Ids) -> Ids:
        first = len(ids) - 1
        while self._characters and first > 0 and 0x80 <= self._texts[ids[first]][0] < 0xC0:
            first -= 1
        return ids[first:]


def _begins(made: Ragged, ids: Ids, last: NDArray[np.int64] | None = None) -> Mask:
    """Which rows are ``ids`` and one more: that of ``last``, or the number of the row."""
    count = len(ids)
    right: Mask = made.lengths() == count + 1
    starts = made.offsets[:-1].astype(np.int64)[right]
    rows = made.ids[starts[:, None] + np.arange(count + 1)]
    expected = np.empty_like(rows)
    expected[:, :count] = ids
    expected[:, count] = np.flatnonzero(right) if last is None else last[right]
    right[right] = (rows == expected).all(1)
    return right


def _without_whole_pretokens(tokenizer: Tokenizer) -> Tokenizer:
    """The same where a pretoken that is a piece is merged like any other: it may go on."""
    segmenter = tokenizer.segmenter.without_whole_pretokens()
    if segmenter is tokenizer.segmenter:
        return tokenizer
    return Tokenizer.of(replace(tokenizer.pipeline, segmenter=segmenter))
