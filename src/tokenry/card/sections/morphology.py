"""Boundaries of tokens against gold morphemes, by process too, and the words that are cut worst."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from tokenry.json_data import FLAT
from tokenry.measuring.gold_morphs import GoldWord
from tokenry.measuring.morphology import (
    Aligned,
    AlignedWord,
    BoundaryScores,
    align_all,
    boundary_scores,
    token_boundaries,
)
from tokenry.results import Result
from tokenry.tokenizer import Tokenizer

# The three digits of SIGMORPHON 2022: inflection, derivation, compound.
PROCESSES: Final = {
    "000": "root words",
    "100": "inflection",
    "010": "derivation",
    "001": "compound",
    "110": "inflection, derivation",
    "101": "inflection, compound",
    "011": "derivation, compound",
    "111": "inflection, derivation, compound",
}
FEWEST_WORDS: Final = 30
MOST_KINDS: Final = 8
WORST: Final = 20
_REPLICATES: Final = 200


@dataclass(frozen=True)
class GoldSet:
    """Gold words of a file, aligned: all of them, and those of each process."""

    whole: Aligned
    kinds: dict[str, Aligned]

    @classmethod
    def of(cls, words: Sequence[GoldWord]) -> GoldSet:
        """Align; the processes with the most words are looked at alone."""
        groups: defaultdict[str, list[GoldWord]] = defaultdict(list)
        for word in words:
            groups[PROCESSES.get(word.kind, word.kind)].append(word)
        large = sorted(groups, key=lambda kind: (-len(groups[kind]), kind))
        kept = [kind for kind in large if kind and len(groups[kind]) >= FEWEST_WORDS][:MOST_KINDS]
        aligned = {kind: align_all(groups[kind]) for kind in kept}
        return cls(align_all(words), {kind: each for kind, each in aligned.items() if each.words})


@dataclass(frozen=True, slots=True)
class WrongCut(Result):
    """A word as its tokens cut it and as gold does, with ``|`` at the cuts."""

    word: str
    cut: str
    gold: str


@dataclass(frozen=True, slots=True)
class GoldBoundaries(Result):
    """A tokenizer on one gold file.

    Attributes:
        scores: over all words.
        kinds: by process, where there is more than one.
        worst: the words with the most boundaries that are wrong or missing.
    """

    scores: BoundaryScores = field(metadata=FLAT)
    kinds: dict[str, BoundaryScores]
    worst: tuple[WrongCut, ...]


def measure_boundaries(tokenizer: Tokenizer, gold: GoldSet, seed: int) -> GoldBoundaries:
    """Boundaries of one tokenizer."""

    def scores(aligned: Aligned) -> BoundaryScores:
        return boundary_scores(tokenizer, aligned, seed=seed, replicates=_REPLICATES)

    kinds = {kind: scores(aligned) for kind, aligned in gold.kinds.items()}
    return GoldBoundaries(
        scores(gold.whole), kinds if len(kinds) > 1 else {}, worst_words(tokenizer, gold.whole)
    )


def worst_words(tokenizer: Tokenizer, gold: Aligned) -> tuple[WrongCut, ...]:
    """Words with the most boundaries that are wrong or missing, as they are cut."""
    rows = []
    for word in gold.words:
        found, _ = token_boundaries(tokenizer, word.word)
        found = {end for end in found if end < word.judged}
        rows.append((_wrong(word, found), word, found))
    rows.sort(key=lambda row: (-row[0], row[1].word))
    return tuple(
        WrongCut(word.word, _cut(word.word, found), _cut(word.word, set(map(min, word.boundaries))))
        for wrong, word, found in rows[:WORST]
        if wrong
    )


def _wrong(word: AlignedWord, found: set[int]) -> int:
    right = sum(bool(places & found) for places in word.boundaries)
    return len(found) + len(word.boundaries) - 2 * right


def _cut(word: str, ends: set[int]) -> str:
    data = word.encode()
    edges = [0, *sorted(ends), len(data)]
    parts = (data[a:b].decode("utf-8", "replace") for a, b in itertools.pairwise(edges))
    return "|".join(parts)
