"""Documents that use many skills which belong together: a graph of skills.

Source: Li et al. 2025, "MASS: Mathematical Data Selection via Skill Graphs for Pretraining Large
Language Models", arXiv:2503.14917.

1. Skills are read off a reference set; a node for each, an edge where two stand in one document.
2. A document is scored by the skills that it has and by the edges between them.
3. The best are taken for a budget of tokens (`choosing.choose`, with domains and criteria).

Their skills come from a large model and meet documents by embeddings. Here a skill is a phrase of
one to three words, given by the caller (`SkillGraph.of_skills`), or one that stands in more
documents of the reference than of the raw corpus; a document has it as often as its words say.
Their formula is not published with the abstract: this is a quadratic form of the same two parts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from tokenry.corpus.selection.contract import Scores, SelectionTask
from tokenry.errors import CorpusError

_WORD: Final = re.compile(r"[^\W\d_]+")
_LONGEST: Final = 3
_OFTEN: Final = 100  # words in which a skill stands once where half of its weight is given


@dataclass(frozen=True, eq=False)
class SkillGraph:
    """Skills, how much each counts, and which belong together.

    Attributes:
        skills: phrases of lower case.
        weights: of nodes, shares of reference documents, shape (n,).
        edges: of pairs, from 0 to 1, symmetric, 0 on the diagonal, shape (n, n).
    """

    skills: tuple[str, ...]
    weights: Scores
    edges: NDArray[np.float64]

    @classmethod
    def of(cls, task: SelectionTask) -> Self:
        """Skills of the target that the raw documents have less often."""
        target, raw = task.needed("target", "raw")
        return cls.of_skills(mined(target, raw), target)

    @classmethod
    def of_skills(cls, skills: Iterable[str], reference: Sequence[bytes]) -> Self:
        """The graph of given skills, as they stand in the documents of a reference set.

        Raises:
            CorpusError: none of them stands in any.
        """
        names = tuple(dict.fromkeys(skill.lower() for skill in skills))
        present = (_presence(reference, names) > 0).astype(np.float64)
        found = np.flatnonzero(present.sum(axis=0))
        if not len(found):
            raise CorpusError("no skill stands in the reference documents; give other skills")
        present = present[:, found]
        together = present.T @ present
        sizes = np.sqrt(np.diag(together))
        edges = together / np.outer(sizes, sizes)
        np.fill_diagonal(edges, 0.0)
        return cls(tuple(names[i] for i in found), present.mean(axis=0), edges)

    def score(self, texts: Sequence[bytes]) -> Scores:
        """Of the weight of all nodes and edges, the share that a document has, shape (n,)."""
        having = _presence(texts, self.skills)
        roots = np.sqrt(self.weights)
        nodes = having @ self.weights
        edges = ((having * roots) @ self.edges * (having * roots)).sum(axis=1) / 2
        whole = self.weights.sum() + (np.outer(roots, roots) * self.edges).sum() / 2
        found: Scores = (nodes + edges) / whole
        return found


def mined(reference: Sequence[bytes], raw: Sequence[bytes], count: int = 300) -> list[str]:
    """Phrases that stand in more of the reference than of the raw documents, the clearest first.

    By the difference of shares over its standard error, in two documents or more.
    """
    wanted, given = (_documents_with(texts) for texts in (reference, raw))
    phrases = [phrase for phrase, documents in wanted.items() if documents > 1]
    first = np.array([wanted[phrase] for phrase in phrases]) / len(reference)
    second = np.array([given[phrase] for phrase in phrases]) / len(raw)
    errors = np.sqrt(first * (1 - first) / len(reference) + second * (1 - second) / len(raw))
    clear = (first - second) / np.maximum(errors, 0.5 / len(reference))
    order = np.argsort(-clear, kind="stable")[:count]
    return [phrases[i] for i in order if clear[i] > 0]


def _documents_with(texts: Sequence[bytes]) -> Counter[str]:
    found: Counter[str] = Counter()
    for text in texts:
        found.update(set(_phrases(_words(text))))
    return found


def _words(text: bytes) -> list[str]:
    return _WORD.findall(text.decode("utf-8", "replace").lower())


def _phrases(words: Sequence[str]) -> Iterable[str]:
    for size in range(1, _LONGEST + 1):
        for first in range(len(words) - size + 1):
            yield " ".join(words[first : first + size])


def _presence(texts: Sequence[bytes], skills: Sequence[str]) -> NDArray[np.float64]:
    """How much each document has of each skill, from 0 to 1, shape (n, skills)."""
    number = {skill: i for i, skill in enumerate(skills)}
    found = np.zeros((len(texts), len(skills)))
    for row, text in zip(found, texts, strict=True):
        words = _words(text)
        for phrase in _phrases(words):
            at = number.get(phrase)
            if at is not None:
                row[at] += 1
        row /= row + max(len(words) / _OFTEN, 1)
    return found
