"""Two tokenizations of one text, cut where both have a boundary, by byte offsets.

Decoded strings cannot say where two tokenizations meet: a BOS on one side, or a character that is
cut between two tokens, puts all that follows out of step. Offsets into the bytes of the input can,
and tokenizers give them through normalisers too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tokenry.arguments import checked
from tokenry.spans import Offsets, Spans
from tokenry.tokenizer import Tokenizer


@dataclass(frozen=True, eq=False)
class ChunkAlignment:
    """Chunk i is tokens ``first[i]:first[i + 1]`` of one, and the same of ``second`` of the other.

    Attributes:
        first: places in the first tokenization, shape (chunks + 1,), from 0 to its length.
        second: the same in the second.
        ends: bytes of the text up to the end of each chunk, shape (chunks,).
    """

    first: Offsets
    second: Offsets
    ends: Offsets

    def __len__(self) -> int:
        return len(self.ends)

    def __iter__(self) -> Iterator[tuple[slice, slice]]:
        for at in range(len(self)):
            yield (
                slice(int(self.first[at]), int(self.first[at + 1])),
                slice(int(self.second[at]), int(self.second[at + 1])),
            )


@checked
def align(text: str | bytes, first: Tokenizer, second: Tokenizer) -> ChunkAlignment:
    """Align what two tokenizers make of a text, specials left out."""
    return align_spans(first.encode_with_spans(text)[1], second.encode_with_spans(text)[1])


def align_spans(first: Spans, second: Spans) -> ChunkAlignment:
    """Align two tokenizations by the spans of their tokens; the chunks are as small as can be.

    A token that stands for nothing (a BOS) goes to the chunk before it, the first ones to the first
    chunk. Where a token shares bytes with the next, as behind a normaliser that joined characters,
    there is no boundary between the two. Bytes that no token stands for (white space that a
    tokenizer drops) belong to either side.

    Args:
        first: half-open byte spans of tokens, shape (n, 2).
        second: the same of the other tokenization.
    """
    places, others = _cuts(first), _cuts(second)
    ends: list[tuple[int, int, int]] = []
    i = j = 0
    while i < len(places) and j < len(others):
        (at, low, high), (other, low_, high_) = places[i], others[j]
        if max(low, low_) <= min(high, high_):
            ends.append((at, other, max(low, low_)))
            i, j = i + 1, j + 1
        elif high < low_:
            i += 1
        else:
            j += 1
    return _closed(ends, first, second)


def _cuts(spans: Spans) -> list[tuple[int, int, int]]:
    """Where a tokenization may be cut: tokens before the cut, and the bytes at which it may lie."""
    if not len(spans):
        return []
    filled = np.flatnonzero(spans[:, 1] > spans[:, 0])
    if not len(filled):
        return []
    ends = np.maximum.accumulate(spans[filled, 1])
    begins = np.minimum.accumulate(spans[filled, 0][::-1])[::-1]
    after = np.append(filled[1:], len(spans))
    following = np.append(begins[1:], 2**62)  # bytes behind the last token are nobody's
    return [
        (int(place), int(low), int(high))
        for place, low, high in zip(after, ends, following, strict=True)
        if low <= high
    ]


def _closed(ends: list[tuple[int, int, int]], first: Spans, second: Spans) -> ChunkAlignment:
    """Chunks that take up all tokens: what is left at the end joins the last one."""
    size = int(max((spans[:, 1].max() for spans in (first, second) if len(spans)), default=0))
    last = (len(first), len(second), size)
    if not ends and (len(first) or len(second)):
        ends = [last]
    elif ends:
        ends = [*ends[:-1], last]
    table = np.array([(0, 0, 0), *ends], np.int64)
    return ChunkAlignment(table[:, 0], table[:, 1], table[1:, 2])


def changed_share(alignment: ChunkAlignment) -> float:
    """The share of bytes in chunks that are not one token on both sides; 0 of an empty text."""
    if not len(alignment) or not alignment.ends[-1]:
        return 0.0
    widths = np.diff(alignment.ends, prepend=0)
    one = (np.diff(alignment.first) == 1) & (np.diff(alignment.second) == 1)
    return float(widths[~one].sum() / alignment.ends[-1])
