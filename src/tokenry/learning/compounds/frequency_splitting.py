"""Splitting compounds by the frequencies of their parts, without any learning.

Source: Koehn, Knight 2003, "Empirical methods for compound splitting", EACL. Of all ways to cut a
word into known words, with a linking element left over at the end of a part, the one whose parts
have the highest geometric mean of counts is taken; the whole word is one of the ways. It tends to
cut rare words into frequent short ones, which is why a learnt decompounder is preferred where the
corpus has hyphens to learn from.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tokenry.learning.compounds.decompounding import readable

_MOST_PARTS = 5
Way = tuple[float, tuple[int, ...]]  # sum of log counts; where parts end


@dataclass(frozen=True)
class FrequencySplitter:
    """Cuts words where the geometric mean of the counts of the parts is highest.

    Attributes:
        counts: of lower-case words.
        least_constituent: letters of the shortest part.
        linking: what may stand between two words; it stays with the left one. Koehn and Knight
            allow -s- and -es- in German; a word of the list must not be empty.
    """

    counts: Counter[str] = field(repr=False)
    least_constituent: int = 3
    linking: tuple[str, ...] = ("s", "es")

    def split(self, words: Sequence[str]) -> list[list[str]]:
        """Parts of each word, which joined give the word; whole where that is best."""
        return [self._split(word, readable(word)) for word in words]

    def _split(self, word: str, lower: str) -> list[str]:
        ways = self._ways(lower)
        best = max(ways, key=lambda way: way[0] / len(way[1]), default=None)
        if best is None:
            return [word]
        ends = best[1]
        return [word[begin:end] for begin, end in zip((0, *ends), ends, strict=False)]

    def _ways(self, word: str) -> list[Way]:
        """The best way for each number of parts."""
        size = len(word)
        # best[end]: of this number of parts that fill word[:end]
        best: dict[int, Way] = {0: (0.0, ())}
        ways: list[Way] = []
        for _ in range(_MOST_PARTS):
            best = self._one_part_more(word, best)
            if size and size in best:
                ways.append(best[size])
        return ways

    def _one_part_more(self, word: str, before: dict[int, Way]) -> dict[int, Way]:
        after: dict[int, Way] = {}
        for begin, (score, ends) in before.items():
            for end in range(begin + self.least_constituent, len(word) + 1):
                log = self._log_count(word[begin:end], last=end == len(word))
                if log is not None and (end not in after or score + log > after[end][0]):
                    after[end] = (score + log, (*ends, end))
        return after

    def _log_count(self, part: str, *, last: bool) -> float | None:
        count = self.counts[part]
        if not last:
            for link in self.linking:
                if part.endswith(link) and len(part) - len(link) >= self.least_constituent:
                    count = max(count, self.counts[part[: -len(link)]])
        return math.log(count) if count else None
