"""What a decompounder sees of the gap between two letters of a word.

Every word has several candidates: no split, and each gap with enough letters on both sides. A
candidate has hashed features (character n-grams left and right of the gap and across it) and dense
ones (how often the sides occur as words, alone and without one or two letters that may link them).
All of a batch is computed with arrays: 100,000 words take about two seconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

HASHED: Final = 1 << 18
_LONGEST: Final = 4  # characters of an n-gram
_ACROSS: Final = ((1, 1), (2, 2), (1, 2), (2, 1))  # characters left and right of the gap
_PAD: Final = 1  # stands before and after each word
_NO_SPLIT: Final = 0  # the bucket of "no split"
_LENGTHS: Final = 8
_TYPES: Final = 100_000  # words whose beginnings and ends are counted; 200 MB for a million

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class WordStatistics:
    """Frequencies that features are made of: of words, and of words that begin or end so."""

    counts: Counter[str]
    prefixes: Counter[str]
    suffixes: Counter[str]

    @classmethod
    def of(cls, counts: Counter[str]) -> WordStatistics:
        """Statistics of words and their counts."""
        prefixes: Counter[str] = Counter()
        suffixes: Counter[str] = Counter()
        frequent = sorted(counts, key=lambda word: (-counts[word], word))[:_TYPES]
        for word in frequent:
            prefixes.update(word[:size] for size in range(3, len(word)))
            suffixes.update(word[size:] for size in range(1, len(word) - 2))
        return cls(counts, prefixes, suffixes)

    def of_word(self, word: str) -> tuple[float, ...]:
        """Of "no split"."""
        return (1.0, self.counts[word], len(word))

    def of_gap(self, left: str, right: str) -> tuple[float, ...]:
        """Counts around a gap."""
        counts = self.counts
        return (
            counts[left],
            counts[right],
            counts[left[:-1]] if len(left) > 3 else 0,
            counts[left[:-2]] if len(left) > 4 else 0,
            self.prefixes[left],
            self.suffixes[right],
        )


_WORD_DENSE: Final = 4
_GAP_DENSE: Final = 12
DENSE: Final = _WORD_DENSE + _GAP_DENSE + 2 * _LENGTHS


@dataclass(frozen=True)
class Gaps:
    """Candidates of a batch of words, word after word; the first of each is "no split".

    Attributes:
        word: index of the word, shape (n,).
        position: letters left of the gap, 0 for "no split", shape (n,).
        starts: first candidate of each word, shape (words,).
        hashed: buckets of hashed features, shape (n, f).
        dense: dense features, shape (n, DENSE).
    """

    word: Ints
    position: Ints
    starts: Ints
    hashed: Ints
    dense: Floats

    def target(self, cuts: Sequence[Sequence[int]]) -> NDArray[np.bool_]:
        """Which candidates are right: those at ``cuts``, or "no split" where there are none."""
        right = np.zeros(len(self.word), dtype=bool)
        for start, where in zip(self.starts.tolist(), cuts, strict=True):
            # Candidates of a word stand at least, least + 1, ...
            first = int(self.position[start + 1]) if where else 0
            for cut in where:
                right[start + 1 + cut - first] = True
            right[start] |= not where
        return right


def gaps_of(words: Sequence[str], statistics: WordStatistics, least: int) -> Gaps:
    """Candidates of ``words``, lower case, with ``least`` letters on either side of a gap."""
    sizes = np.array([len(word) for word in words], dtype=np.int64)
    many = 1 + np.maximum(0, sizes - 2 * least + 1)
    starts = np.cumsum(many) - many
    word = np.repeat(np.arange(len(words)), many)
    order = np.arange(len(word)) - starts[word]
    position = np.where(order > 0, order + least - 1, 0)
    dense = _dense(words, word, position, statistics)
    return Gaps(word, position, starts, _hashed(words, sizes, word, position), dense)


def _hashed(words: Sequence[str], sizes: Ints, word: Ints, position: Ints) -> Ints:
    pad = chr(_PAD) * _LONGEST
    text = pad + pad.join(words) + pad
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    begins = np.cumsum(sizes + _LONGEST) - sizes
    at = begins[word] + position
    grams = _grams(codes)
    columns = [grams[n][at - n] for n in range(1, _LONGEST + 1)]
    columns += [grams[n][at] for n in range(1, _LONGEST + 1)]
    columns += [grams[left + right][at - left] for left, right in _ACROSS]
    table = np.stack(columns, axis=1)
    kinds = np.arange(1, table.shape[1] + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (table ^ kinds) * np.uint64(0xFF51AFD7ED558CCD)
    buckets = (mixed >> np.uint64(64 - 18)).astype(np.int64)
    buckets[position == 0] = _NO_SPLIT
    return buckets


def _grams(codes: NDArray[np.uint64]) -> list[NDArray[np.uint64]]:
    """For each n a hash of the n characters from each place on (fewer at the end of the text)."""
    grams = [np.zeros(len(codes), np.uint64)]
    for n in range(1, _LONGEST + 1):
        last = np.concatenate([codes[n - 1 :], np.zeros(n - 1, np.uint64)])
        mixed = (grams[-1] + last + np.uint64(n)) * np.uint64(0xC4CEB9FE1A85EC53)
        grams.append(mixed ^ (mixed >> np.uint64(29)))
    return grams


def _dense(words: Sequence[str], word: Ints, position: Ints, statistics: WordStatistics) -> Floats:
    of_words = np.array([statistics.of_word(each) for each in words]).reshape(-1, 3)
    whole = np.log1p(of_words[:, 1])[word]
    is_gap = position > 0
    table = np.zeros((len(word), DENSE))
    table[~is_gap, 0] = 1
    table[~is_gap, 1] = whole[~is_gap]
    table[~is_gap, 2] = of_words[word[~is_gap], 2] / 10
    table[~is_gap, 3] = whole[~is_gap] > 0
    cuts = zip(word[is_gap].tolist(), position[is_gap].tolist(), strict=True)
    counts = [statistics.of_gap(words[i][:at], words[i][at:]) for i, at in cuts]
    if counts:
        table[is_gap, _WORD_DENSE:] = _of_gaps(
            np.log1p(np.array(counts)),
            whole[is_gap],
            position[is_gap],
            of_words[word[is_gap], 2].astype(np.int64) - position[is_gap],
        )
    return table


def _of_gaps(logs: Floats, whole: Floats, left: Ints, right: Ints) -> Floats:
    """Dense features of gaps from the logarithms of `WordStatistics.of_gap`."""
    linked = np.maximum(logs[:, 2], logs[:, 3])
    known = (logs[:, 0] > 0, (logs[:, 0] > 0) | (linked > 0), logs[:, 1] > 0)
    columns = [
        logs[:, 0] / 4,
        logs[:, 1] / 4,
        linked / 4,
        logs[:, 4] / 4,
        logs[:, 5] / 4,
        np.minimum(logs[:, 0], logs[:, 1]) / 4,
        (logs[:, 0] + logs[:, 1]) / 2 - whole,
        known[0],
        known[2],
        known[0] & known[2],
        known[1] & known[2],
        np.minimum(np.maximum(logs[:, 0], linked), logs[:, 1]) / 4,
    ]
    lengths = [_one_hot(left), _one_hot(right)]
    return np.concatenate([np.stack(columns, axis=1), *lengths], axis=1).astype(np.float64)


def _one_hot(lengths: Ints) -> Floats:
    table: Floats = np.eye(_LENGTHS)[np.minimum(lengths, _LENGTHS + 1) - 2]
    return table
