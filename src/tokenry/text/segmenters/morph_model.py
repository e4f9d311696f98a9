"""Where the morphs of a word meet: the cheapest way through prefixes, stems and suffixes.

Source of the search: Viterbi over a lexicon of morphs as in Creutz & Lagus 2005, "Unsupervised
morpheme segmentation and morphology induction from text corpora using Morfessor 1.0"; of the
categories: Creutz & Lagus 2007, "Unsupervised models for morpheme segmentation and morphology
learning" (ACM TSLP 4(1)).

A word is prefix* stem (suffix* | stem)*. Every morph has a cost, a negative log probability. A
stretch that is no stem can stand as one at a cost for each character. A lexicon without categories,
as the unsupervised splitter learns it, has stems only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import regex

from tokenry.text.saved_parts import PickledFields, saved_as

# No word of a language is longer; stretches that are (a line of base64, a million letters) stay
# whole, which keeps the search linear.
LONGEST_WORD: Final = 48
_LETTERS: Final = regex.compile(r"[\p{L}\p{M}]+")
_APOSTROPHES: Final = frozenset("'\u2019\u02bc")
_BEFORE_STEM, _AFTER_STEM, _AFTER_SUFFIX = range(3)
_INFINITE: Final = float("inf")
PathState = tuple[float, int, int]  # cost so far, where the last morph begins, state before it


@saved_as("morphs.MorphModel")
@dataclass(frozen=True, eq=False)
class MorphModel(PickledFields):
    """Costs of morphs, and the cheapest analysis of a word.

    Args:
        stems: cost by morph, in folded letters (see `fold_letters`).
        prefixes, suffixes: the same of what stands before and after stems.
        unknown: cost of a stem that is not listed, whatever its length.
        unknown_letter: and of each letter in it.
        joint: what a stem costs more that follows another stem or a suffix.
        fold: letters that fold otherwise than by Unicode: Turkish has ``{"I": "ı", "İ": "i"}``.
    """

    stems: Mapping[str, float]
    prefixes: Mapping[str, float] = field(default_factory=dict)
    suffixes: Mapping[str, float] = field(default_factory=dict)
    unknown: float = 10.0
    unknown_letter: float = 3.0
    joint: float = 0.0
    fold: Mapping[str, str] = field(default_factory=dict)

    def cuts(self, text: str) -> list[int]:
        """Where to cut ``text``, in characters, ascending; never beside what is no letter."""
        found: list[int] = []
        for match in _LETTERS.finditer(text):
            begin, end = match.span()
            if 1 < end - begin <= LONGEST_WORD:
                suffixed = begin > 0 and text[begin - 1] in _APOSTROPHES
                letters = fold_letters(text[begin:end], self.fold)
                found += (begin + cut for cut in self.analyse(letters, suffixed=suffixed)[1:])
        return found

    def analyse(self, letters: str, *, suffixed: bool = False) -> list[int]:
        """Where the morphs of a word of folded letters begin; ``suffixed``: it may be suffixes."""
        return [begin for begin, _ in self.path(letters, suffixed=suffixed)]

    def path(self, letters: str, *, suffixed: bool = False) -> list[tuple[int, int]]:
        """Where each morph begins, and the state after it: 0 prefix, 1 stem, 2 suffix."""
        best = [[(_INFINITE, 0, 0)] * 3 for _ in range(len(letters) + 1)]
        best[0][_AFTER_STEM if suffixed else _BEFORE_STEM] = (0.0, 0, 0)
        for begin in range(len(letters)):
            for end, state, cost in self._morphs_from(letters, begin):
                self._extend(best, begin, end, state, cost)
        at = len(letters)
        state = min((_AFTER_STEM, _AFTER_SUFFIX), key=lambda each: best[at][each][0])
        path: list[tuple[int, int]] = []
        while at > 0:
            _, begin, before = best[at][state]
            path.append((begin, state))
            at, state = begin, before
        return path[::-1]

    def _extend(
        self, best: list[list[PathState]], begin: int, end: int, state: int, cost: float
    ) -> None:
        """Go on with a morph from wherever one of its category may stand."""
        here = best[begin]
        if state == _BEFORE_STEM:
            source, total = _BEFORE_STEM, here[_BEFORE_STEM][0] + cost
        else:
            source = _AFTER_STEM if here[_AFTER_STEM][0] <= here[_AFTER_SUFFIX][0] else 2
            total = here[source][0] + cost
        if state == _AFTER_STEM:
            total += self.joint
            first = here[_BEFORE_STEM][0] + cost
            if first < total:
                source, total = _BEFORE_STEM, first
        if total < best[end][state][0]:
            best[end][state] = (total, begin, source)

    def _morphs_from(self, letters: str, begin: int) -> Iterator[tuple[int, int, float]]:
        """Morphs that begin here: where they end, the state after them, their cost."""
        unknown = self.unknown
        for end in range(begin + 1, len(letters) + 1):
            unknown += self.unknown_letter
            known = self._entries.get(letters[begin:end]) if end - begin <= self._longest else None
            stem = unknown
            for state, cost in known or ():
                if state == _AFTER_STEM:
                    stem = min(stem, cost)
                else:
                    yield end, state, cost
            yield end, _AFTER_STEM, stem

    @cached_property
    def _entries(self) -> dict[str, list[tuple[int, float]]]:
        entries: dict[str, list[tuple[int, float]]] = {}
        for state, costs in enumerate((self.prefixes, self.stems, self.suffixes)):
            for morph, cost in costs.items():
                entries.setdefault(morph, []).append((state, cost))
        return entries

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._entries), default=0)


def letters_of(text: str) -> list[str]:
    """The stretches of letters and marks in a text.

    >>> letters_of(" don't")
    ['don', 't']
    """
    found: list[str] = _LETTERS.findall(text)
    return found


def fold_letters(text: str, fold: Mapping[str, str]) -> str:
    """Lower case, one character for each: what morphs are looked up by.

    >>> fold_letters("IŞIK İnan", {"I": "ı", "İ": "i"})
    'ışık inan'
    """
    given = "".join([fold.get(character, character) for character in text]) if fold else text
    lowered = given.lower()
    if len(lowered) == len(given):
        return lowered
    return "".join([c.lower() if len(c.lower()) == 1 else c for c in given])
