"""Sentences as pretokens, for segmenters that decide by the sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tokenry.text.parts import Pretokenizer, Pretokens
from tokenry.text.saved_parts import saved_as

MOST_WORDS: Final = 128  # of a sentence; longer ones are cut
_ENDS: Final = np.isin(np.arange(256), list(b".!?"))
_CLOSES: Final = np.isin(np.arange(256), list(b"\"')]}"))
_WHITE: Final = np.isin(np.arange(256), list(b" \t\r\n"))
_NEWLINE: Final = np.isin(np.arange(256), list(b"\r\n"))
_WIDE_ENDS: Final = ("。".encode(), "！".encode(), "？".encode(), "।".encode())


@saved_as("sentences.SentencePretokenizer")
@dataclass(frozen=True, slots=True)
class SentencePretokenizer(Pretokenizer):
    """Cuts into sentences, each a run of whole words of another pretokenizer.

    A sentence ends after a word that ends with a newline, or with a full stop, a question or
    exclamation mark (and at most one closing quote or bracket) before white space; after a full
    stop of Chinese, Japanese or Hindi, or before it where it is one word with what follows; and
    after `MOST_WORDS` words. Abbreviations end sentences too. A sentence that is cut alone stays
    whole.

    Attributes:
        words: cuts into words and keeps every byte.
        most_words: of a sentence.
    """

    words: Pretokenizer
    most_words: int = MOST_WORDS

    def __post_init__(self) -> None:
        if self.most_words < 1:
            raise ValueError(f"most_words is {self.most_words}; a sentence has 1 word or more")

    @property
    def lossless(self) -> bool:
        """Whether all text is in a sentence."""
        return self.words.lossless

    def __call__(self, data: bytes, *, first: bool = True) -> Pretokens:
        """Cut ``data``."""
        cut = self.words(data, first=first)
        last = np.flatnonzero(self._last(cut))
        starts = np.concatenate([np.zeros(1, np.int64), last + 1])[: len(last)]
        return Pretokens(cut.data, cut.starts[starts], cut.ends[last], cut.alignment)

    def _last(self, cut: Pretokens) -> NDArray[np.bool_]:
        """Whether a sentence ends with each word."""
        if not len(cut.ends):
            return np.zeros(0, np.bool_)
        last = _at_mark(cut)
        last[-1] = True
        # Words since the last end decide, so that a sentence alone is cut as it is in its text.
        order = np.arange(len(last))
        begins = np.maximum.accumulate(np.where(np.concatenate([[True], last[:-1]]), order, 0))
        return np.asarray(last | ((order - begins) % self.most_words == self.most_words - 1))


def _at_mark(cut: Pretokens) -> NDArray[np.bool_]:
    data = np.frombuffer(cut.data, np.uint8)
    starts, ends = cut.starts.astype(np.int64), cut.ends.astype(np.int64)
    final = data[ends - 1]
    before = np.where(ends - starts > 1, data[ends - 2], 0)
    # A mark that is a word of its own may stand before a closing word: ." or ?)
    earlier = np.concatenate([[np.uint8(0)], final[:-1]])
    before = np.where(ends - starts == 1, earlier, before)
    marked = _ENDS[final] | (_CLOSES[final] & _ENDS[before])
    following = np.concatenate([_WHITE[data[starts[1:]]], [True]])
    wide = np.zeros(len(ends), np.bool_)
    for mark in _WIDE_ENDS:
        size = len(mark)
        wide |= (ends - starts >= size) & _stands_at(data, ends - size, mark)
        joined = (ends - starts > size) & ~_NEWLINE[final] & _stands_at(data, starts, mark)
        wide[:-1] |= joined[1:]
    return np.asarray(_NEWLINE[final] | (marked & following) | wide)


def _stands_at(data: NDArray[np.uint8], places: NDArray[np.int64], mark: bytes) -> Any:
    places = np.clip(places, 0, max(0, len(data) - len(mark)))
    return np.logical_and.reduce(
        [data[np.minimum(places + at, len(data) - 1)] == byte for at, byte in enumerate(mark)]
    )
