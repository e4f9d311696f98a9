"""What a recipe is, and what runs it: documents pass or stay out, and none is changed.

Each step scores documents and keeps those of a least score. What it leaves out is counted, and told
by source with the score as a span list, so that a choice can be looked at and undone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tokenry.corpus.corpus import CorpusLike, as_corpus
from tokenry.corpus.documents import Document
from tokenry.corpus.selection.contract import DocumentScorer, Scores, SelectionTask
from tokenry.corpus.selection.token_signals import write_spans
from tokenry.results import Result

_BATCH = 1000


@dataclass(frozen=True)
class RecipeStep:
    """Documents of a least score.

    Attributes:
        name: what the report calls it.
        scorer: a class that is made of the task, or a scorer.
        least: score of a document that is kept; None: the quantile that leaves ``keep``.
        keep: share of the raw documents that is kept, where there is no ``least``.
    """

    name: str
    scorer: type[DocumentScorer] | DocumentScorer
    least: float | None = None
    keep: float = 0.5

    def made(self, task: SelectionTask) -> tuple[DocumentScorer, float]:
        """The scorer, and the least score."""
        scorer = self.scorer.of(task) if isinstance(self.scorer, type) else self.scorer
        if self.least is not None:
            return scorer, self.least
        return scorer, float(np.quantile(scorer.score(task.raw), 1 - self.keep))


@dataclass(frozen=True, eq=False)
class RecipeScorer:
    """A recipe as a scorer: 1 for a document that all steps keep, else 0.

    A step sees only what those before it kept, as in a run.

    Attributes:
        steps: scorers with their least scores, by name.
    """

    steps: Sequence[tuple[str, DocumentScorer, float]]

    @classmethod
    def of_recipe(cls, recipe: Sequence[RecipeStep], task: SelectionTask) -> RecipeScorer:
        """Fit the steps of a recipe to a task."""
        return cls([(step.name, *step.made(task)) for step in recipe])

    def score(self, texts: Sequence[bytes]) -> Scores:
        """Of documents in their order, shape (n,)."""
        kept = np.arange(len(texts))
        for _, scorer, least in self.steps:
            if len(kept):
                kept = kept[scorer.score([texts[i] for i in kept.tolist()]) >= least]
        found = np.zeros(len(texts))
        found[kept] = 1.0
        return found


@dataclass(frozen=True, slots=True)
class StepFigures(Result):
    """What came to a step, and what it kept, in documents and bytes."""

    step: str
    documents: int
    bytes: int
    kept_documents: int
    kept_bytes: int


@dataclass
class RecipeRun:
    """A recipe over a corpus; iterating reads it once and gives what is kept.

    Attributes:
        steps: scorers with their least scores, by name.
        corpus: what is read.
        figures: of each step, as far as the corpus was read.
        dropped: source, step, score and bytes of each document left out.
    """

    steps: Sequence[tuple[str, DocumentScorer, float]]
    corpus: CorpusLike
    figures: list[StepFigures] = field(default_factory=list)
    dropped: list[tuple[str, str, float, int]] = field(default_factory=list)

    @classmethod
    def of(cls, recipe: Sequence[RecipeStep], corpus: CorpusLike, task: SelectionTask) -> RecipeRun:
        """Fit the steps of a recipe to a task; documents of ``task.raw`` stand for the corpus."""
        return cls([(step.name, *step.made(task)) for step in recipe], corpus)

    def __iter__(self) -> Iterator[Document]:
        self.figures = [StepFigures(name, 0, 0, 0, 0) for name, _, _ in self.steps]
        self.dropped = []
        batch: list[Document] = []
        for document in as_corpus(self.corpus):
            batch.append(document)
            if len(batch) == _BATCH:
                yield from self._kept(batch)
                batch = []
        yield from self._kept(batch)

    def _kept(self, batch: list[Document]) -> list[Document]:
        for place, (name, scorer, least) in enumerate(self.steps):
            if not batch:
                break
            scores = scorer.score([document.data for document in batch])
            batch = self._count(place, name, batch, scores, least)
        return batch

    def _count(
        self, place: int, name: str, batch: list[Document], scores: Scores, least: float
    ) -> list[Document]:
        pairs = list(zip(batch, scores.tolist(), strict=True))
        kept = [document for document, score in pairs if score >= least]
        before, size = self.figures[place], sum(len(document.data) for document in batch)
        self.figures[place] = StepFigures(
            name,
            before.documents + len(batch),
            before.bytes + size,
            before.kept_documents + len(kept),
            before.kept_bytes + sum(len(document.data) for document in kept),
        )
        self.dropped += [
            (document.source, name, score, len(document.data))
            for document, score in pairs
            if score < least
        ]
        return kept

    def write_dropped(self, path: str | os.PathLike[str]) -> Path:
        """Which documents were left out, and by which step, as Dolma keeps attributes."""
        ids = [source for source, _, _, _ in self.dropped]
        spans = [{name: [(0, size, score)]} for _, name, score, size in self.dropped]
        return write_spans(path, ids, spans)
