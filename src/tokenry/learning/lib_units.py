"""What LiB reads: units that no chunk crosses, in batches; and what it is filled up with."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.text.parts import Pretokenizer
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import is_utf8

UNIT: Final = 2048  # a unit of more than twice as many bytes is cut, after a newline if it has one
BATCHES: Final = 32  # at least so many, where the text is long enough


@dataclass(frozen=True, eq=False)
class LibBatches:
    """Text, where its units end, and how many units there are up to the end of each batch."""

    text: bytes
    ends: NDArray[np.uint64]
    batches: NDArray[np.uint64]

    @classmethod
    def of(cls, documents: Sequence[bytes], pretokenizer: Pretokenizer, batch: int) -> LibBatches:
        """Cut documents; a batch has about ``batch`` bytes, or a 32nd of all if that is less."""
        ends: list[int] = []
        parts: list[bytes] = []
        begin = 0
        for document in documents:
            cut = pretokenizer(document)
            ends += [begin + end for end in _unit_ends(cut.data, cut.ends.tolist())]
            parts.append(cut.data)
            begin += len(cut.data)
        size = min(batch, begin // BATCHES + 1)
        return cls(b"".join(parts), np.array(ends, np.uint64), _batch_ends(ends, size))

    def fingerprint(self) -> bytes:
        """A hash of the text and of its cuts."""
        digest = hashlib.blake2b(self.text, digest_size=16)
        digest.update(self.ends.tobytes())
        digest.update(self.batches.tobytes())
        return digest.digest()


def _unit_ends(data: bytes, ends: list[int]) -> Iterator[int]:
    begin = 0
    for end in ends:
        while end - begin > 2 * UNIT:
            begin = _place_to_cut(data, begin)
            yield begin
        if end > begin:
            yield end
        begin = end


def _place_to_cut(data: bytes, begin: int) -> int:
    for mark in (b"\n", b" "):
        found = data.rfind(mark, begin + UNIT, begin + 2 * UNIT)
        if found >= 0:
            return found + 1
    place = begin + 2 * UNIT
    # Not within a character, which has at most three bytes after its first.
    return next((at for at in range(place, place - 4, -1) if data[at] & 0xC0 != 0x80), place)


def _batch_ends(ends: list[int], size: int) -> NDArray[np.uint64]:
    batches: list[int] = []
    last = 0
    for number, end in enumerate(ends, 1):
        if end - last >= size or number == len(ends):
            batches.append(number)
            last = end
    return np.array(batches, np.uint64)


def characters_by_count(text: bytes, longest: int) -> list[bytes]:
    """Characters of more than one byte, the most frequent first."""
    counts = Counter(text.decode("utf-8", "ignore"))
    found = [(-count, character.encode()) for character, count in counts.items()]
    return [data for _, data in sorted(found) if 1 < len(data) <= longest]


def frequent_pairs(tokenizer: Tokenizer, text: bytes, most: int, longest: int) -> list[bytes]:
    """Pairs of neighbouring pieces that occur twice or more and would make a new piece.

    The most frequent come first, equal ones by their ids; none is cut by the pretokenizer.
    """
    ids = tokenizer.encode_to_numpy(text).astype(np.uint64)
    pairs, counts = np.unique(ids[:-1] << np.uint64(32) | ids[1:], return_counts=True)
    order = np.lexsort((pairs, -counts))
    pieces = tokenizer.vocabulary.pieces
    found: dict[bytes, None] = {}
    for at in order[counts[order] > 1].tolist():
        if len(found) == most:
            break
        left, right = int(pairs[at]) >> 32, int(pairs[at]) & 0xFFFFFFFF
        piece = (pieces[left] or b"") + (pieces[right] or b"")
        if len(piece) > longest or piece in tokenizer.vocabulary or not is_utf8(piece):
            continue
        if len(tokenizer.pretokenizer(piece).ends) == 1:
            found[piece] = None
    return list(found)
