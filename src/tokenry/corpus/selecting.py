"""Which documents of files are taken for a budget: scores by a method, shares by group.

Files are read twice: some documents, drawn by a hash, are what the method is made of; then all are
scored, a few megabytes at a time. Only a score, a size and a group of each stay in memory.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.corpus.choice import DocumentChoice
from tokenry.corpus.corpus import Corpus
from tokenry.corpus.files import domain_of
from tokenry.corpus.holdout import digest
from tokenry.corpus.readers import read_texts
from tokenry.corpus.recipes.contract import RecipeScorer
from tokenry.corpus.registry import RECIPES, SCORERS
from tokenry.corpus.sampling import temperature_shares, unimax_amounts
from tokenry.corpus.selection.choosing import Shares, choose
from tokenry.corpus.selection.contract import Scorer, Scores, SelectionTask
from tokenry.errors import CorpusError
from tokenry.progress import Progress, silent
from tokenry.results import Result
from tokenry.seeds import derived
from tokenry.tokenizer import Tokenizer

SAMPLE: Final = 5_000
_BATCH: Final = 4 << 20
Place = tuple[str, int]
GroupShares = Shares | Callable[[Mapping[str, float]], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class GroupChoice(Result):
    """What was taken of a group: documents and tokens that there are, and that were taken."""

    group: str
    documents: int
    tokens: int
    taken_documents: int
    taken_tokens: int


@dataclass(frozen=True, eq=False)
class Selected:
    """A choice, and what it was made by.

    Attributes:
        choice: of documents.
        places: source and record of each document that has a text.
        scores: of them, shape (n,).
        sizes: in tokens, shape (n,).
        groups: what was taken of each.
    """

    choice: DocumentChoice
    places: Sequence[Place]
    scores: Scores
    sizes: NDArray[np.int64]
    groups: tuple[GroupChoice, ...]


def select_documents(
    corpus: Corpus,
    tokenizer: Tokenizer,
    budget: float,
    *,
    method: str = "chance",
    target: Iterable[bytes] = (),
    shares: GroupShares | None = None,
    repeat: bool = False,
    sample: int = SAMPLE,
    seed: int = 0,
    progress: Progress = silent,
) -> Selected:
    """Choose documents of files for a budget of tokens.

    Args:
        corpus: of files.
        tokenizer: whose tokens are counted.
        budget: tokens.
        method: a name of `tokenry.corpus.registry.SCORERS`, or of ``RECIPES``: then only what the
            recipe keeps is taken.
        target: examples of what is wanted, for methods that need them.
        shares: of the budget by group, as `choosing.choose` takes them, or a function of the
            tokens of groups, such as `tempered` and `evened` give; None: the best of all documents,
            whatever their groups.
        repeat: take documents of a group again where it has less than its share.
        sample: documents that the method is made of.
        seed: of all that is drawn.
        progress: told how many files were read.

    Raises:
        CorpusError: the corpus is in memory or empty, or the method lacks what it needs.
    """
    if not corpus.files:
        raise CorpusError("documents are chosen of files; give a Corpus.from_paths")
    raw = _sample(corpus, sample, seed)
    task = SelectionTask(tokenizer, raw, list(target), seed=seed)
    scorer, least = _scorer(method, task)
    found = _Scored(scorer, tokenizer)
    for number, (source, group, texts) in enumerate(_sources(corpus)):
        progress("scoring", number, len(corpus.files))
        found.add(source, group, texts)
    if not found.places:
        raise CorpusError("there are no documents in these files; give text")
    scores, sizes = np.concatenate(found.scores), np.concatenate(found.sizes)
    given = shares(_totals(found.groups, sizes)) if callable(shares) else shares
    kept = np.flatnonzero(scores >= least)
    numbers = kept[
        choose(
            scores[kept], sizes[kept], budget,
            groups=None if given is None else [found.groups[i] for i in kept.tolist()],
            shares=given or "natural", repeat=repeat, seed=seed,
        )
    ]  # fmt: skip
    choice = DocumentChoice.of((found.places[i] for i in numbers.tolist()), found.records)
    return Selected(choice, found.places, scores, sizes, _report(found.groups, sizes, numbers))


def _scorer(method: str, task: SelectionTask) -> tuple[Scorer, float]:
    """What scores documents, and the score below which none is taken."""
    if method in RECIPES:
        return RecipeScorer.of_recipe(RECIPES.load(method)(), task), 1.0
    return SCORERS.load(method).of(task), -np.inf


def tempered(temperature: float) -> Callable[[Mapping[str, float]], Mapping[str, float]]:
    """Shares of groups by temperature (`sampling.temperature_shares`)."""
    return lambda sizes: temperature_shares(sizes, temperature)


def evened(budget: float, passes: float) -> Callable[[Mapping[str, float]], Mapping[str, float]]:
    """Shares of groups as even as so many passes over each allow (`sampling.unimax_amounts`)."""
    return lambda sizes: unimax_amounts(sizes, budget, passes=passes)


def _sources(corpus: Corpus) -> Iterator[tuple[str, str, Iterator[bytes]]]:
    for file in corpus.files:
        group = domain_of(file, len(corpus.files), corpus.options)
        yield str(file.path), group, read_texts(file.path, corpus.options)


def _sample(corpus: Corpus, count: int, seed: int) -> list[bytes]:
    """The documents of the least hashes, in the order of these."""
    key = derived(seed, "sample of raw documents")
    hashed = (
        (digest(text, key), text) for _, _, texts in _sources(corpus) for text in texts if text
    )
    return [text for _, text in heapq.nsmallest(count, hashed)]


@dataclass
class _Scored:
    """Scores, sizes, groups and places as they come."""

    scorer: Scorer
    tokenizer: Tokenizer
    scores: list[Scores] = field(default_factory=list)
    sizes: list[NDArray[np.int64]] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    records: dict[str, int] = field(default_factory=dict)

    def add(self, source: str, group: str, texts: Iterator[bytes]) -> None:
        """Score the documents of a file."""
        batch: list[bytes] = []
        held, record = 0, -1
        for text in texts:
            record += 1
            if not text:
                continue
            batch.append(text)
            held += len(text)
            self.places.append((source, record))
            self.groups.append(group)
            if held >= _BATCH:
                self._score(batch)
                batch, held = [], 0
        if batch:
            self._score(batch)
        self.records[source] = record + 1

    def _score(self, batch: list[bytes]) -> None:
        self.scores.append(self.scorer.score(batch))
        self.sizes.append(self.tokenizer.count_batch(batch).astype(np.int64))


def _totals(groups: Sequence[str], sizes: NDArray[np.int64]) -> dict[str, float]:
    names, numbers = np.unique(np.array(groups), return_inverse=True)
    sums = np.bincount(numbers, weights=sizes)
    return dict(zip(names.tolist(), sums.tolist(), strict=True))


def _report(
    groups: Sequence[str], sizes: NDArray[np.int64], numbers: NDArray[np.int64]
) -> tuple[GroupChoice, ...]:
    names, at = np.unique(np.array(groups), return_inverse=True)
    every = np.bincount(at), np.bincount(at, weights=sizes)
    taken = at[numbers]
    some = (
        np.bincount(taken, minlength=len(names)),
        np.bincount(taken, weights=sizes[numbers], minlength=len(names)),
    )
    rows = zip(names.tolist(), *every, *some, strict=True)
    return tuple(
        GroupChoice(str(name), *(int(each) for each in figures)) for name, *figures in rows
    )
