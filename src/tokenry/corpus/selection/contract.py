"""What a scorer is, and what it may be made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import CorpusError
from tokenry.text.ragged import Ragged
from tokenry.tokenizer import Tokenizer

Scores = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SelectionTask:
    """What a method of selection is given; each takes what it needs of it.

    Attributes:
        tokenizer: whose tokens are looked at.
        raw: documents as there are many, to choose from or like those.
        target: examples of what is wanted.
        losses: of models on the raw documents, in nats or bits a byte, shape (n, models).
        abilities: of these models, more is better, shape (models,).
        ratings: of the raw documents, shape (n,) or (n, criteria), more is better.
        seed: of what is drawn.
    """

    tokenizer: Tokenizer
    raw: Sequence[bytes]
    target: Sequence[bytes] = ()
    losses: NDArray[np.float64] | None = None
    abilities: NDArray[np.float64] | None = None
    ratings: NDArray[np.float64] | None = None
    seed: int = 0

    def needed(self, *names: str) -> tuple[Any, ...]:
        """Attributes that a method cannot do without.

        Raises:
            CorpusError: one was not given.
        """
        found = tuple(getattr(self, name) for name in names)
        for name, value in zip(names, found, strict=True):
            if value is None or len(value) == 0:
                raise CorpusError(f"this method of selection needs {name}; give them in the task")
        return found


class Scorer(Protocol):
    """A dataclass that gives documents scores; it never changes a document."""

    def score(self, texts: Sequence[bytes]) -> Scores:
        """One score a document, shape (n,); more is better."""


class DocumentScorer(Scorer, Protocol):
    """A scorer that is made of a task."""

    @classmethod
    def of(cls, task: SelectionTask) -> Self:
        """The scorer of a task.

        Raises:
            CorpusError: the task lacks what the method needs.
        """


def neighbours(batch: Ragged) -> NDArray[np.bool_]:
    """Which ids and their next ones are of one document, shape (ids - 1,)."""
    size = len(batch.ids)
    inside = np.ones(max(size - 1, 0), bool)
    ends = batch.offsets[1:-1].astype(np.int64)
    inside[ends[(ends > 0) & (ends < size)] - 1] = False
    return inside


def per_document(values: NDArray[Any], offsets: NDArray[np.uint64]) -> Scores:
    """Sums of ``values`` over each document's stretch of them; 0 for an empty one."""
    sums = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    places = offsets.astype(np.int64)
    found: Scores = sums[places[1:]] - sums[places[:-1]]
    return found
