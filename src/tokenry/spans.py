"""Half-open byte offsets into an input, and how they travel through text that was changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import EncodeError

Offsets = NDArray[np.int64]
Unit = Literal["byte", "char"]
Spans = NDArray[np.int64]  # begin and end of each, shape (n, 2)


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where each byte of a changed text came from.

    Byte ``i`` of the changed text stands for ``source[starts[i]:ends[i]]``. An inserted byte has an
    empty range at the place of insertion.
    """

    starts: Offsets
    ends: Offsets

    @classmethod
    def identity(cls, size: int) -> Alignment:
        """Each of ``size`` bytes stands for itself."""
        starts = np.arange(size, dtype=np.int64)
        return cls(starts, starts + 1)

    def after(self, earlier: Alignment) -> Alignment:
        """Compose: ``self`` was made from the text that ``earlier`` describes."""
        empty = self.starts == self.ends
        last = np.where(empty, self.starts, self.ends - 1)
        size = len(earlier.starts)
        if size == 0:
            zero = np.zeros_like(self.starts)
            return Alignment(zero, zero)
        first = np.minimum(self.starts, size - 1)
        beyond = self.starts >= size
        starts = np.where(beyond, earlier.ends[-1], earlier.starts[first])
        ends = np.where(empty, starts, earlier.ends[np.minimum(last, size - 1)])
        return Alignment(starts, np.maximum(starts, ends))

    def spans(self, begins: Offsets, finishes: Offsets) -> Offsets:
        """Source spans, shape (n, 2), of the half-open ranges ``[begins[i], finishes[i])``."""
        size = len(self.starts)
        if size == 0:
            return np.zeros((len(begins), 2), dtype=np.int64)
        firsts = np.minimum(begins, size - 1)
        spans = np.stack([self.starts[firsts], self.ends[finishes - 1]], axis=1)
        empty = finishes <= begins
        if empty.any():
            places = np.where(begins < size, spans[:, 0], self.ends[-1])
            spans[empty] = places[empty, None]
        return spans


def character_offsets(text: str, spans: Offsets) -> Offsets:
    """Byte spans of ``text`` as character spans: a character counts where any byte of it does.

    Args:
        text: what was encoded.
        spans: half-open byte spans of its UTF-8 form, shape (n, 2).

    Returns:
        Half-open spans of indices into the str, shape (n, 2). A surrogate pair is two characters
        of a str and four bytes of the input, so the first has three of them and the second one.
    """
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    widths = 1 + (points >= 0x80).astype(np.int64) + (points >= 0x800) + (points >= 0x10000)
    pairs = (points[:-1] >> 10 == 0xD800 >> 10) & (points[1:] >> 10 == 0xDC00 >> 10)
    widths[1:][pairs] = 1
    ends = np.cumsum(widths)
    result = np.empty_like(spans)
    result[:, 0] = np.searchsorted(ends, spans[:, 0], side="right")
    result[:, 1] = np.searchsorted(ends - widths, spans[:, 1], side="left")
    result[:, 1] = np.maximum(result[:, 0], result[:, 1])
    return result


def align_labels(spans: Spans, word_spans: Offsets) -> Offsets:
    """The word that each token belongs to: the first that it shares anything with.

    A token may own the space before its word, so its span need not begin where the word does.

    Args:
        spans: of the tokens, shape (k, 2).
        word_spans: of the words, in the same unit, ascending and apart, shape (w, 2).

    Returns:
        Places in ``word_spans``, shape (k,); -1 for a token of no word.

    Raises:
        EncodeError: words that overlap or stand in another order.
    """
    words = np.asarray(word_spans, dtype=np.int64).reshape(-1, 2)
    if (words[:, 0] > words[:, 1]).any() or (words[1:, 0] < words[:-1, 1]).any():
        raise EncodeError("word_spans must be ascending and must not overlap; sort them first")
    if not len(words):
        return np.full(len(spans), -1, dtype=np.int64)
    first = np.searchsorted(words[:, 1], spans[:, 0], side="right")
    known = np.minimum(first, len(words) - 1)
    shares = (first < len(words)) & (words[known, 0] < spans[:, 1]) & (spans[:, 0] < spans[:, 1])
    return np.where(shares, known, -1)
