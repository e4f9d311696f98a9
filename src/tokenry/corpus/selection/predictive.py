"""Documents whose losses order models as their abilities do.

Source: Shum et al. 2025, "Predictive Data Selection: The Data That Predicts Is the Data That
Teaches", arXiv:2503.00808 (PreSelect).

1. Several models of known ability read a document. Its predictive strength is the share of pairs of
   models in which the one that does better on benchmarks has the lower loss.
2. Documents of full strength are positive, as many of the lowest are negative.
3. A linear classifier over n-grams of tokens, as fastText's, learns to tell them apart and scores
   all others for the price of reading them.

Losses must be per byte where models have different tokenizers. The classifier has one weight a
hashed n-gram, not fastText's vectors; whoever has losses of all documents needs none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tokenry.corpus.selection.contract import Scores, SelectionTask, per_document
from tokenry.corpus.selection.dsir import hashed_grams
from tokenry.errors import CorpusError
from tokenry.seeds import generator
from tokenry.tokenizer import Tokenizer


def predictive_strength(losses: ArrayLike, abilities: ArrayLike) -> Scores:
    """Shares of pairs of models that each document orders rightly, shape (n,).

    Args:
        losses: per byte, shape (n, models).
        abilities: of the models, more is better, shape (models,).

    Raises:
        CorpusError: shapes differ, or no two models differ in ability.
    """
    given, known = np.asarray(losses, np.float64), np.asarray(abilities, np.float64)
    if given.ndim != 2 or given.shape[1:] != known.shape:
        raise CorpusError(
            f"losses of shape {given.shape} for {known.shape} abilities; expected "
            "a row a document and a column a model"
        )
    better, worse = np.nonzero(known[:, None] > known[None, :])
    if not len(better):
        raise CorpusError("no two models differ in ability; give abilities that tell them apart")
    found: Scores = (given[:, better] < given[:, worse]).mean(axis=1)
    return found


def examples(strengths: Scores) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Numbers of positive documents (full strength) and of as many of the lowest."""
    positive = np.flatnonzero(strengths == 1.0)
    order = np.argsort(strengths, kind="stable")
    lowest = order[strengths[order] < 1.0][: len(positive)]
    return positive, lowest


class PredictiveScorer:
    """The whole of it: strengths of the raw documents, and a classifier of the extremes."""

    @classmethod
    def of(cls, task: SelectionTask) -> LinearScorer:
        """From losses of models on the raw documents, and their abilities.

        Raises:
            CorpusError: no document orders all models rightly.
        """
        raw, losses, abilities = task.needed("raw", "losses", "abilities")
        positive, negative = examples(predictive_strength(losses, abilities))
        chosen = ([raw[i] for i in side] for side in (positive, negative))
        return LinearScorer.fit(task.tokenizer, *chosen, seed=task.seed)


@dataclass(frozen=True, eq=False)
class LinearScorer:
    """A logistic regression over hashed uni- and bigrams of tokens.

    Attributes:
        tokenizer: whose tokens.
        weights: one a bucket; a document's score is their mean over its n-grams.
        bias: is added.
    """

    tokenizer: Tokenizer
    weights: Scores
    bias: float

    @classmethod
    def of(cls, task: SelectionTask) -> LinearScorer:
        """Target against raw documents, as GPT-3's filter (Brown et al. 2020, arXiv:2005.14165)."""
        target, raw = task.needed("target", "raw")
        return cls.fit(task.tokenizer, target, raw, seed=task.seed)

    @classmethod
    def fit(
        cls,
        tokenizer: Tokenizer,
        positive: Sequence[bytes],
        negative: Sequence[bytes],
        *,
        buckets: int = 1 << 16,
        passes: int = 3,
        rate: float = 0.1,
        seed: int = 0,
    ) -> LinearScorer:
        """By stochastic gradient descent, a document at a time, the rate falling to nothing.

        Raises:
            CorpusError: one of the sides is empty.
        """
        if not positive or not negative:
            raise CorpusError("no examples on one side; give positive and negative documents")
        texts = [*positive, *negative]
        wanted = np.repeat([1.0, 0.0], [len(positive), len(negative)])
        rows = [_features(tokenizer, text, buckets) for text in texts]
        weights, bias = np.zeros(buckets), 0.0
        draw, total, step = generator(seed, "linear"), passes * len(texts), 0
        for _ in range(passes):
            for at in draw.permutation(len(texts)).tolist():
                row = rows[at]
                size = max(len(row), 1)
                error = wanted[at] - 1 / (1 + np.exp(-(weights[row].sum() / size + bias)))
                pace = rate * (1 - step / total) * error
                np.add.at(weights, row, pace / np.sqrt(size))
                bias += pace
                step += 1
        return cls(tokenizer, weights, float(bias))

    def score(self, texts: Sequence[bytes]) -> Scores:
        """Log odds of being positive, shape (n,)."""
        batch = self.tokenizer.encode_batch(texts)
        single, pairs, inside = hashed_grams(batch, len(self.weights))
        values = self.weights[single]
        values[:-1] += np.where(inside, self.weights[pairs], 0.0)
        grams = np.ones(len(values))
        grams[:-1] += inside
        sizes = np.maximum(per_document(grams, batch.offsets), 1.0)
        return per_document(values, batch.offsets) / sizes + self.bias


def _features(tokenizer: Tokenizer, text: bytes, buckets: int) -> NDArray[np.int64]:
    single, pairs, _ = hashed_grams(tokenizer.encode_batch([text]), buckets)
    return np.concatenate([single, pairs])
