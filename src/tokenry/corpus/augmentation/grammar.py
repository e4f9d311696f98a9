"""Sentences of a grammar that was read off trees: a lexicalised, probabilistic one.

Source: Kim et al. 2022, "ALP: Data Augmentation using Lexicalized PCFGs for Few-Shot Text
Classification", arXiv:2112.11916.

1. Rules and their probabilities are read off parsed sentences; each constituent is known by its
   label and its head word.
2. A new sentence is an old tree in which constituents are replaced by others of the same label,
   half of them by one with the same head, the rest by any, as often as these stand in the corpus.
3. A sentence counts as the grammar's where a chart (CKY) derives it.

They parse with a network and widen words by a thesaurus; trees are the caller's here (Penn's
brackets), or the shallow ones of `phrases`. As a generator of stress it asks of a tokenizer what
words cost in neighbourhoods that its corpus never had.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from tokenry.errors import CorpusError
from tokenry.seeds import generator

_PARTS: Final = re.compile(r"[()]|[^\s()]+")


@dataclass(frozen=True, slots=True)
class Constituent:
    """A node of a tree: its label, and its parts, or its word where it has none."""

    label: str
    parts: tuple[Constituent, ...] = ()
    word: str = ""

    @property
    def words(self) -> list[str]:
        """Of all leaves."""
        return [self.word] if not self.parts else [w for part in self.parts for w in part.words]

    @property
    def head(self) -> str:
        """Its last word that is longer than three letters, else its last: of a phrase its noun."""
        words = self.words
        return next((word for word in reversed(words) if len(word) > 3), words[-1])

    def nodes(self) -> Iterator[Constituent]:
        """It and all below it."""
        yield self
        for part in self.parts:
            yield from part.nodes()


def read_tree(text: str) -> Constituent:
    """A tree in brackets.

    Raises:
        CorpusError: it is none.

    >>> read_tree("(S (NP cats) (VP (V eat) (NP fish)))").words
    ['cats', 'eat', 'fish']
    """
    marks = _PARTS.findall(text)
    tree, end = _tree(marks, 0)
    if end != len(marks):
        raise CorpusError(f"{text[:60]!r} has something behind its tree")
    return tree


def _tree(marks: Sequence[str], at: int) -> tuple[Constituent, int]:
    if marks[at : at + 1] != ["("] or len(marks) < at + 4:
        raise CorpusError("a tree is (LABEL part part ...) or (LABEL word)")
    label, at = marks[at + 1], at + 2
    if marks[at] not in "()":
        if marks[at + 1] != ")":
            raise CorpusError(f"a leaf has one word, and {label} has more")
        return Constituent(label, word=marks[at]), at + 2
    parts = []
    while at < len(marks) and marks[at] == "(":
        part, at = _tree(marks, at)
        parts.append(part)
    if at >= len(marks) or not parts:
        raise CorpusError(f"the brackets of {label} do not end")
    return Constituent(label, tuple(parts)), at + 1


Rule = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class LexicalGrammar:
    """What was read off trees.

    Attributes:
        trees: as they were.
        rules: probabilities of right sides given the left one; a word is a right side of one.
        pools: constituents by label and head, with their counts.
    """

    trees: tuple[Constituent, ...]
    rules: Mapping[Rule, float]
    pools: Mapping[tuple[str, str], Counter[Constituent]]

    @classmethod
    def of(cls, trees: Iterable[Constituent]) -> LexicalGrammar:
        """Read rules and pools off trees.

        Raises:
            CorpusError: there are none.
        """
        kept = tuple(trees)
        if not kept:
            raise CorpusError("a grammar is read off trees; give one or more")
        counts: Counter[Rule] = Counter()
        pools: dict[tuple[str, str], Counter[Constituent]] = defaultdict(Counter)
        for node in (node for tree in kept for node in tree.nodes()):
            counts[rule_of(node)] += 1
            pools[node.label, node.head][node] += 1
            pools[node.label, ""][node] += 1
        totals: Counter[str] = Counter()
        for (label, _), count in counts.items():
            totals[label] += count
        rules = {rule: count / totals[rule[0]] for rule, count in counts.items()}
        return cls(kept, rules, dict(pools))

    def sentences(self, count: int, *, change: float = 0.4, seed: int = 0) -> Iterator[Constituent]:
        """New trees.

        Args:
            count: how many.
            change: how probably a constituent is replaced; half of those keep their head.
            seed: of all that is drawn.
        """
        draw = generator(seed, "grammar")
        for _ in range(count):
            yield self._changed(self.trees[int(draw.integers(len(self.trees)))], change, draw)

    def _changed(self, node: Constituent, change: float, draw: np.random.Generator) -> Constituent:
        parts = tuple(self._replaced(part, change, draw) for part in node.parts)
        return Constituent(node.label, parts, node.word)

    def _replaced(self, node: Constituent, change: float, draw: np.random.Generator) -> Constituent:
        if draw.random() >= change:
            return self._changed(node, change, draw)
        pool = self.pools[node.label, node.head if draw.random() < 0.5 else ""]
        choices = list(pool)
        weights = np.array([pool[each] for each in choices], np.float64)
        return choices[int(draw.choice(len(choices), p=weights / weights.sum()))]

    def accepts(self, words: Sequence[str], label: str | None = None) -> bool:
        """Whether the grammar derives these words from a label (the first tree's root)."""
        return (label or self.trees[0].label) in self._chart(words)[0, len(words)]

    def _chart(self, words: Sequence[str]) -> Mapping[tuple[int, int], set[str]]:
        """CKY over rules of any length: labels, and beginnings of right sides, of each stretch."""
        labels: dict[tuple[int, int], set[str]] = defaultdict(set)
        begun: dict[tuple[int, int], set[tuple[str, ...]]] = defaultdict(set)
        sides = self._sides()
        starts = {side[:n] for side in sides for n in range(1, len(side) + 1)}
        for size in range(1, len(words) + 1):
            for first in range(len(words) - size + 1):
                span = (first, first + size)
                if size == 1:
                    labels[span] |= sides.get((_quoted(words[first]),), set())
                for middle in range(first + 1, first + size):
                    for begin in begun[first, middle]:
                        joined = {(*begin, each) for each in labels[middle, first + size]}
                        begun[span] |= joined & starts
                self._close(labels[span], begun[span], sides, starts)
        return labels

    def _close(
        self,
        labels: set[str],
        begun: set[tuple[str, ...]],
        sides: Mapping[tuple[str, ...], set[str]],
        starts: set[tuple[str, ...]],
    ) -> None:
        """Add what whole right sides stand for, until nothing is new."""
        while True:
            begun |= {(label,) for label in labels} & starts
            new = {left for side in begun for left in sides.get(side, ())} - labels
            if not new:
                return
            labels |= new

    def _sides(self) -> dict[tuple[str, ...], set[str]]:
        found: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for left, right in self.rules:
            found[right].add(left)
        return found


def rule_of(node: Constituent) -> Rule:
    """What a node shows: its label, and the labels of its parts or its word."""
    parts = tuple(part.label for part in node.parts)
    return (node.label, parts or (_quoted(node.word),))


def _quoted(word: str) -> str:
    """A word as a part of a right side, apart from labels."""
    return f'"{word}"'
