"""Ratings by criteria, learnt from documents that someone rated.

Source: Peng et al. 2025, "DataMan: Data Manager for Pre-training Large Language Models",
arXiv:2502.19363.

1. A large model rates some documents by fourteen criteria (accuracy, coherence, ...), 1 to 5.
2. A small model learns to rate all others.
3. `choosing.choose` takes the best of each domain until its budget of tokens is spent.

Their small model has 1.5 billion parameters; here it is a ridge regression over `vectors`, and the
ratings that it learns from are the caller's, by whatever criteria.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tokenry.corpus.selection.contract import Scores, SelectionTask
from tokenry.corpus.selection.vectors import DocumentVectors
from tokenry.errors import CorpusError
from tokenry.tokenizer import Tokenizer

_RIDGE: Final = 1e-2


@dataclass(frozen=True, eq=False)
class RatingScorer:
    """A linear model of ratings.

    Attributes:
        vectors: what makes vectors of texts.
        weights: shape (width, criteria).
        means: of the ratings, shape (criteria,).
        importance: of criteria, shape (criteria,).
    """

    vectors: DocumentVectors
    weights: NDArray[np.float64]
    means: Scores
    importance: Scores

    @classmethod
    def of(cls, task: SelectionTask) -> Self:
        """From ratings of the raw documents, all criteria alike."""
        raw, ratings = task.needed("raw", "ratings")
        return cls.fit(task.tokenizer, raw, ratings)

    @classmethod
    def fit(
        cls,
        tokenizer: Tokenizer,
        texts: Sequence[bytes],
        ratings: ArrayLike,
        importance: ArrayLike | None = None,
    ) -> Self:
        """Learn from rated documents.

        Args:
            tokenizer: whose tokens.
            texts: rated ones.
            ratings: shape (n,) or (n, criteria).
            importance: of criteria; None: all alike.

        Raises:
            CorpusError: there is not one row of ratings a document.
        """
        rated = np.asarray(ratings, np.float64).reshape(len(ratings := np.asarray(ratings)), -1)
        if len(rated) != len(texts):
            raise CorpusError(f"ratings of {len(rated)} for {len(texts)} documents; expected equal")
        weighed = np.ones(rated.shape[1]) if importance is None else np.asarray(importance)
        vectors = DocumentVectors.fit(tokenizer, texts)
        rows = vectors.of(texts).astype(np.float64)
        means = rated.mean(axis=0)
        gram = rows.T @ rows + _RIDGE * len(rows) * np.eye(rows.shape[1])
        weights = np.linalg.solve(gram, rows.T @ (rated - means))
        return cls(vectors, weights, means, weighed.astype(np.float64) / weighed.sum())

    def rate(self, texts: Sequence[bytes]) -> Scores:
        """Ratings by criteria, shape (n, criteria)."""
        found: Scores = self.vectors.of(texts) @ self.weights + self.means
        return found

    def score(self, texts: Sequence[bytes]) -> Scores:
        """The mean rating by importance, shape (n,)."""
        return self.rate(texts) @ self.importance
