"""The merges of a tokenizer in the order in which they were learnt, each piece made once.

Rank files and lists that were converted from SentencePiece hold every pair that makes a piece
(LLaMA: 61,249 merges for 32,000 pieces). Only one of them was learnt: the one by which merging the
piece's own bytes ends. The others are left out, and so are merges of pieces that nothing made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import UnsupportedError
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.text.segmenters.symbols import matchable
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import is_utf8, unpack


@dataclass(frozen=True, eq=False)
class MergeOrder:
    """Merges by numbers: what merging starts from has the first ones, then each merge makes one.

    Attributes:
        base: pieces that merging starts from: all single bytes, or characters.
        pairs: left and right number of each merge, shape (m, 2).
        characters: whether merging starts from characters.
        left_out: merges of the file, up to the last that is here, that were never learnt.
    """

    base: tuple[bytes, ...]
    pairs: NDArray[np.uint32]
    characters: bool
    left_out: int

    def __len__(self) -> int:
        return len(self.pairs)

    def first(self, count: int) -> MergeOrder:
        """The first merges."""
        return MergeOrder(self.base, self.pairs[:count], self.characters, self.left_out)

    def pieces(self) -> list[bytes]:
        """By number."""
        found = list(self.base)
        for left, right in self.pairs.tolist():
            found.append(found[left] + found[right])
        return found


def merge_order(tokenizer: Tokenizer, limit: int | None = None) -> MergeOrder:
    """The merges of a tokenizer as they were learnt.

    Args:
        tokenizer: one of byte-pair encoding.
        limit: how many at most.

    Raises:
        UnsupportedError: it does not merge by a list.
    """
    segmenter = tokenizer.pipeline.segmenter
    if not isinstance(segmenter, BytePairSegmenter):
        raise UnsupportedError(
            f"a tokenizer whose segmenter is {type(segmenter).__name__} has no list of merges; "
            "its training data can be told from byte-pair encoding (merges, ranks) only"
        )
    pieces = list(unpack(*matchable(tokenizer.vocabulary)))
    characters = segmenter.symbols == "characters"
    base = _base(pieces) if characters else [bytes([byte]) for byte in range(256)]
    numbers = {piece: number for number, piece in enumerate(base)}
    pairs: list[tuple[int, int]] = []
    seen = 0
    for (left, right, made), learnt in _told(segmenter, pieces):
        seen += 1
        parts = pieces[left], pieces[right]
        if not learnt or pieces[made] in numbers or not all(part in numbers for part in parts):
            continue
        numbers[pieces[made]] = len(base) + len(pairs)
        pairs.append((numbers[parts[0]], numbers[parts[1]]))
        if len(pairs) == limit:
            break
    table = np.array(pairs, np.uint32).reshape(-1, 2)
    return MergeOrder(tuple(base), table, characters, seen - len(pairs))


def _base(pieces: list[bytes]) -> list[bytes]:
    """The characters."""
    return sorted({piece for piece in pieces if is_utf8(piece) and len(piece.decode()) == 1})


def _told(
    segmenter: BytePairSegmenter, pieces: list[bytes]
) -> Iterator[tuple[tuple[int, int, int], bool]]:
    """Merges by rank, and whether each is the one that merging the bytes of its piece ends with."""
    rows = segmenter.merges[np.argsort(segmenter.ranks, kind="stable")].astype(np.int64)
    made, times = np.unique(rows[:, 2], return_counts=True)
    often = set(made[times > 1].tolist())
    for left, right, whole in rows.tolist():
        row = (left, right, whole)
        ends = segmenter.derivation(pieces[whole])[-1:] if whole in often else [row]
        yield row, ends == [row]
