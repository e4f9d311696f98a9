"""Rules of thumb for text that is prose: which of them a document keeps.

Sources: Gopher, Rae et al. 2021, arXiv:2112.11446, appendix A (length, words, symbols, bullets,
ellipses, stop words, repetition); C4, Raffel et al. 2020, arXiv:1910.10683 (ends of lines, filler,
braces). Words are what white space separates, as theirs; a text of a language without spaces breaks
rules that count words, so leave those out for it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Final, Self

import numpy as np

from tokenry.corpus.selection.contract import Scores, SelectionTask

_STOP: Final = frozenset(("the", "be", "to", "of", "and", "that", "have", "with"))
_LETTER: Final = re.compile(r"[^\W\d_]")
_ENDS: Final = (".", "!", "?", '"', "'", "\u201d", ":", ";", "\u3002")
_BULLETS: Final = ("-", "*", "\u2022", "\u2023", "\u25cf")


@dataclass(frozen=True)
class ProseFacts:
    """What rules look at; made once a document."""

    text: str

    @cached_property
    def words(self) -> list[str]:
        """What white space separates."""
        return self.text.split()

    @cached_property
    def lines(self) -> list[str]:
        """Lines that are not empty."""
        return [line.strip() for line in self.text.splitlines() if line.strip()]

    def share_of_lines(self, kept: Callable[[str], bool]) -> float:
        """Of the lines, how many are so."""
        return sum(map(kept, self.lines)) / max(len(self.lines), 1)

    def share_of_words(self, kept: Callable[[str], bool]) -> float:
        """Of the words, how many are so."""
        return sum(map(kept, self.words)) / max(len(self.words), 1)


def _length(facts: ProseFacts) -> bool:
    return 50 <= len(facts.words) <= 100_000


def _word_length(facts: ProseFacts) -> bool:
    return 3 <= sum(map(len, facts.words)) / max(len(facts.words), 1) <= 10


def _symbols(facts: ProseFacts) -> bool:
    marks = facts.text.count("#") + facts.text.count("...") + facts.text.count("\u2026")
    return marks <= 0.1 * len(facts.words)


def _bullets(facts: ProseFacts) -> bool:
    return facts.share_of_lines(lambda line: line.startswith(_BULLETS)) <= 0.9


def _ellipses(facts: ProseFacts) -> bool:
    return facts.share_of_lines(lambda line: line.endswith(("...", "\u2026"))) <= 0.3


def _letters(facts: ProseFacts) -> bool:
    return facts.share_of_words(lambda word: _LETTER.search(word) is not None) >= 0.8


def _stop_words(facts: ProseFacts) -> bool:
    return len(_STOP & {word.lower() for word in facts.words}) >= 2


def _new_lines(facts: ProseFacts) -> bool:
    counts = Counter(facts.lines)
    return sum(count - 1 for count in counts.values()) <= 0.3 * len(facts.lines)


def _new_pairs(facts: ProseFacts) -> bool:
    counts = Counter(pairwise(facts.words))
    if not counts:
        return True
    (first, second), count = counts.most_common(1)[0]
    return count == 1 or count * (len(first) + len(second)) <= 0.2 * sum(map(len, facts.words))


def _ends(facts: ProseFacts) -> bool:
    return facts.share_of_lines(lambda line: line.endswith(_ENDS)) >= 0.12


def _no_filler(facts: ProseFacts) -> bool:
    return "lorem ipsum" not in facts.text.lower() and "{" not in facts.text


RULES: Final[Mapping[str, Callable[[ProseFacts], bool]]] = {
    "length": _length,
    "word length": _word_length,
    "symbols": _symbols,
    "bullets": _bullets,
    "ellipses": _ellipses,
    "letters": _letters,
    "stop words": _stop_words,
    "new lines": _new_lines,
    "new pairs": _new_pairs,
    "ends": _ends,
    "no filler": _no_filler,
}
"""Rules by name; each says whether a document keeps it."""


@dataclass(frozen=True)
class RuleScorer:
    """The share of rules that a document keeps."""

    rules: Sequence[str] = field(default=tuple(RULES))

    @classmethod
    def of(cls, task: SelectionTask) -> Self:
        """All rules."""
        return cls()

    def score(self, texts: Sequence[bytes]) -> Scores:
        """Shares, shape (n,)."""
        found: Scores = self.kept(texts).mean(axis=1)
        return found

    def kept(self, texts: Sequence[bytes]) -> np.ndarray:
        """Which rules each document keeps, shape (n, rules)."""
        facts = [ProseFacts(text.decode("utf-8", "replace")) for text in texts]
        rows = [[RULES[rule](each) for rule in self.rules] for each in facts]
        return np.array(rows, bool).reshape(len(texts), len(self.rules))
