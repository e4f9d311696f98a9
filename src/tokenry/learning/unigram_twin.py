"""The sums over words that Unigram learning needs, as the definitions say them.

The readable twin of `tokenry._native.UnigramWords`, for small data. See
`tokenry.learning.unigram_em.Words` for what the methods give.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tokenry.learning.unigram_em import BYTES, Numbers
from tokenry.text.segmenters.unigram import characters
from tokenry.vocabulary import is_utf8, pack, unpack

Packed = tuple[bytes, NDArray[np.uint64], NDArray[np.uint64]]
Arc = tuple[int, int, tuple[int, ...]]  # from, to, the pieces it stands for


class ReadableUnigramWords:
    """Words and their counts."""

    def __init__(self, words: Mapping[bytes, int]) -> None:
        self.words = {word: count for word, count in sorted(words.items()) if word and count}
        self.pieces: list[bytes] = []
        self.ids: dict[bytes, int] = {}

    def characters(self) -> Packed:
        """Characters, frequent ones first."""
        counts: Counter[bytes] = Counter()
        for word, count in self.words.items():
            for at, width in characters(word):
                counts[word[at : at + width]] += count
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return _packed(ordered)

    def seeds(
        self, left_out: bytes, offsets: NDArray[np.uint64], longest: int, most: int
    ) -> Packed:
        """Substrings that occur twice and are not always followed by the same character."""
        excluded = set(unpack(left_out, offsets))
        counts: Counter[bytes] = Counter()
        following: defaultdict[bytes, set[bytes]] = defaultdict(set)
        for word, count in self.words.items():
            for run in _runs(word, excluded):
                for begin in range(len(run)):
                    for end in range(begin + 1, min(len(run), begin + longest) + 1):
                        text = b"".join(run[begin:end])
                        counts[text] += count
                        more = end < min(len(run), begin + longest)
                        following[text].add(run[end] if more else b"")
        found = [
            (text, count)
            for text, count in counts.items()
            if len(text.decode()) > 1
            and count > 1
            and (len(following[text]) > 1 or b"" in following[text])
        ]
        found.sort(key=lambda item: (-item[1] * len(item[0].decode()), item[0]))
        return _packed(sorted(found[:most]))

    def set_pieces(self, pieces: bytes, offsets: NDArray[np.uint64]) -> None:
        """Name the pieces."""
        self.pieces = unpack(pieces, offsets)
        self.ids = {
            piece: id_ for id_, piece in enumerate(self.pieces) if id_ < 0x80 or id_ >= BYTES
        }

    def expect(self, scores: Numbers) -> tuple[Numbers, float]:
        """Forward-backward by logarithms."""
        expected = np.zeros(len(self.pieces))
        likelihood = 0.0
        for word, count in self.words.items():
            arcs = list(self._arcs(word))
            ahead = self._ahead(word, arcs, scores)
            behind = self._behind(word, arcs, scores)
            likelihood += count * ahead[len(word)]
            for begin, end, ids in arcs:
                way = ahead[begin] + scores[list(ids)].sum() + behind[end] - ahead[len(word)]
                for id_ in ids:
                    expected[id_] += count * math.exp(way)
        return expected, likelihood

    def best(self, scores: Numbers) -> NDArray[np.uint64]:
        """Viterbi search."""
        counts = np.zeros(len(self.pieces), dtype=np.uint64)
        for word, count in self.words.items():
            for id_ in self._best_path(word, scores, without=None):
                counts[id_] += np.uint64(count)
        return counts

    def losses(self, scores: Numbers, counts: Numbers) -> Numbers:
        """What goes with each piece when its count moves to the pieces of another segmentation."""
        total = counts.sum()
        losses = np.zeros(len(self.pieces))
        for id_ in range(BYTES, len(self.pieces)):
            count = counts[id_]
            if count <= 0:
                continue
            others = self._best_path(self.pieces[id_], scores, without=id_)
            after = total + count * (len(others) - 1)
            apart = sum(math.log((counts[other] + count) / after) for other in others)
            losses[id_] = count * (math.log(count / total) - apart)
        return losses

    def _arcs(self, text: bytes, without: int | None = None) -> Iterator[Arc]:
        """All arcs of a lattice, by where they begin, shortest first."""
        longest = max(map(len, self.ids), default=0)
        for begin, width in characters(text):
            for end in range(begin + 1, min(len(text), begin + max(longest, width)) + 1):
                id_ = self.ids.get(text[begin:end])
                if id_ is not None and id_ != without:
                    yield begin, end, (id_,)
                elif end == begin + width:
                    yield begin, end, tuple(text[begin:end])

    def _ahead(self, text: bytes, arcs: Sequence[Arc], scores: Numbers) -> list[float]:
        """Log-probability of all ways from the beginning to each place."""
        sums = [-math.inf] * (len(text) + 1)
        sums[0] = 0.0
        for begin, end, ids in arcs:
            sums[end] = np.logaddexp(sums[end], sums[begin] + scores[list(ids)].sum())
        return sums

    def _behind(self, text: bytes, arcs: Sequence[Arc], scores: Numbers) -> list[float]:
        """And from each place to the end."""
        sums = [-math.inf] * (len(text) + 1)
        sums[len(text)] = 0.0
        for begin, end, ids in reversed(arcs):
            sums[begin] = np.logaddexp(sums[begin], sums[end] + scores[list(ids)].sum())
        return sums

    def _best_path(self, text: bytes, scores: Numbers, without: int | None) -> list[int]:
        best: dict[int, tuple[float, int, tuple[int, ...]]] = {0: (0.0, 0, ())}
        for begin, end, ids in self._arcs(text, without):
            score = best[begin][0] + float(scores[list(ids)].sum())
            if end not in best or score > best[end][0]:
                best[end] = (score, begin, ids)
        path: list[int] = []
        end = len(text)
        while end > 0:
            _, end, ids = best[end]
            path += ids
        return path


def _packed(counted: Sequence[tuple[bytes, int]]) -> Packed:
    counts = np.array([count for _, count in counted], dtype=np.uint64)
    return (*pack([text for text, _ in counted]), counts)


def _runs(word: bytes, excluded: set[bytes]) -> Iterator[list[bytes]]:
    """Characters between those that are excluded or not UTF-8."""
    run: list[bytes] = []
    for at, width in characters(word):
        character = word[at : at + width]
        if character in excluded or not is_utf8(character):
            yield run
            run = []
        else:
            run.append(character)
    yield run
