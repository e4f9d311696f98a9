"""Splitting compounds into their constituents, learnt from hyphens without labels.

Source: Minixhofer, Pfeiffer, Vulić 2023, "CompoundPiece: Evaluating and Improving Decompounding
Performance of Language Models", arXiv:2305.14214, first (self-supervised) stage.

1. Take the words that the corpus writes with hyphens and strip the hyphens: ``dining-room`` becomes
   ``diningroom``. The letter after a stripped hyphen goes to lower case, so a capital does not give
   it away. One in ten is left out, as the paper leaves the hyphens of one in ten in place.
2. Learn to put the hyphen back. The paper fine-tunes ByT5; here a log-linear model chooses among
   the gaps between two letters and "no split at all". Its features are character n-grams around
   the gap and how often the two sides occur as words, with and without a linking element (German
   -s-, -en-), which stays at the end of the left side.
3. A word is split where the best gap beats "no split", and so are its parts, again and again.

Plain words of the corpus are examples of "no split", although some are compounds that are written
solid; their weight (``no_split``) is what trades found compounds against broken words.

The model is small and takes seconds to learn on one core; a fine-tuned ByT5 is better, and so is
one that has seen labelled words (the paper's second stage, which is not done here).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.learning.compounds.gap_features import DENSE, HASHED, Gaps, WordStatistics, gaps_of
from tokenry.learning.compounds.hyphens import WrittenWords

Floats = NDArray[np.float64]
_BATCH = 256  # words of one step
_CHUNK = 4096  # words that are split at a time
_LONGEST_WORD = 64


@dataclass(frozen=True, kw_only=True)
class Decompounding:
    """How a decompounder is learnt.

    Attributes:
        least_examples: with fewer distinct hyphenated words there is nothing to learn from.
        most_examples: more are not read; the frequent ones are.
        continuity: share of the hyphenated words whose hyphens are stripped.
        no_split: examples of plain words for each hyphenated one.
        least_constituent: letters of the shortest constituent.
        epochs: passes over the examples.
        rate: step size of Adagrad.
        decay: weight of the squared weights.
        seed: of the order of examples and the choice of plain words.
    """

    least_examples: int = 300
    most_examples: int = 20_000
    continuity: float = 0.9
    no_split: float = 1.0
    least_constituent: int = 3
    epochs: int = 4
    rate: float = 0.1
    decay: float = 1e-4
    seed: int = 0

    def learn(self, words: WrittenWords) -> Decompounder | None:
        """A decompounder, or None where the corpus has too few hyphenated words."""
        rng = np.random.default_rng(self.seed)
        compounds = self._compounds(words, rng)
        if len(compounds) < self.least_examples:
            return None
        plain = self._plain(words.counts, round(self.no_split * len(compounds)), rng)
        statistics = WordStatistics.of(words.counts)
        model = Decompounder(statistics, self.least_constituent)
        examples = [("".join(parts), cuts(parts)) for parts in compounds]
        examples += [(word, ()) for word in plain]
        self._fit(model, examples, rng)
        return model

    def _compounds(self, words: WrittenWords, rng: np.random.Generator) -> list[tuple[str, ...]]:
        usable = [
            parts
            for parts, _ in sorted(words.hyphenated.items(), key=lambda item: (-item[1], item[0]))
            if all(len(part) >= self.least_constituent for part in parts) and len(parts) <= 4
        ][: self.most_examples]
        kept = rng.random(len(usable)) < self.continuity
        return [parts for parts, keep in zip(usable, kept.tolist(), strict=True) if keep]

    def _plain(self, counts: Counter[str], wanted: int, rng: np.random.Generator) -> list[str]:
        long = sorted(word for word in counts if len(word) >= 2 * self.least_constituent)
        if not long or not wanted:
            return []
        chosen = rng.choice(len(long), size=min(wanted, len(long)), replace=False)
        return [long[at] for at in chosen.tolist()]

    def _fit(
        self,
        model: Decompounder,
        examples: Sequence[tuple[str, tuple[int, ...]]],
        rng: np.random.Generator,
    ) -> None:
        squares = (np.full_like(model.hashed, 1e-8), np.full_like(model.dense, 1e-8))
        for _ in range(self.epochs):
            order = rng.permutation(len(examples)).tolist()
            for begin in range(0, len(order), _BATCH):
                batch = [examples[at] for at in order[begin : begin + _BATCH]]
                self._step(model, batch, squares)

    def _step(
        self,
        model: Decompounder,
        batch: Sequence[tuple[str, tuple[int, ...]]],
        squares: tuple[Floats, Floats],
    ) -> None:
        gaps = model.gaps([word for word, _ in batch])
        right = gaps.target([where for _, where in batch])
        error = _error(model.scores(gaps), right, gaps) / len(batch)
        spread = np.repeat(error, gaps.hashed.shape[1])
        hashed = np.bincount(gaps.hashed.ravel(), spread, minlength=HASHED).astype(np.float64)
        dense = error @ gaps.dense
        self._move(model.hashed, hashed, squares[0])
        self._move(model.dense, dense, squares[1])

    def _move(self, weights: Floats, gradient: Floats, squares: Floats) -> None:
        """Adagrad; only weights that the batch concerns decay."""
        gradient = gradient + self.decay * weights * (gradient != 0)
        squares += gradient**2
        weights -= self.rate * gradient / np.sqrt(squares)


class Decompounder:
    """Puts boundaries into words; learnt by `Decompounding.learn`."""

    def __init__(self, statistics: WordStatistics, least_constituent: int) -> None:
        self.statistics = statistics
        self.least_constituent = least_constituent
        self.hashed = np.zeros(HASHED)
        self.dense = np.zeros(DENSE)

    def gaps(self, words: Sequence[str]) -> Gaps:
        """Candidates of each word, "no split" first."""
        return gaps_of(words, self.statistics, self.least_constituent)

    def scores(self, gaps: Gaps) -> Floats:
        """A score for each candidate."""
        scores: Floats = self.hashed[gaps.hashed].sum(axis=1) + gaps.dense @ self.dense
        return scores

    def best_cuts(self, words: Sequence[str]) -> list[int]:
        """For each word where to cut it in two, or 0."""
        gaps = self.gaps(words)
        scores = self.scores(gaps)
        best = np.maximum.reduceat(scores, gaps.starts)
        # Of equal scores the first: "no split" before any gap.
        among = np.flatnonzero(scores == best[gaps.word])
        chosen = among[np.searchsorted(gaps.word[among], np.arange(len(words)))]
        found: list[int] = gaps.position[chosen].tolist()
        return found

    def split(self, words: Sequence[str]) -> list[list[str]]:
        """Constituents of each word, which joined give the word; whole where it is no compound."""
        result: list[list[str]] = []
        for begin in range(0, len(words), _CHUNK):
            result += self._split(words[begin : begin + _CHUNK])
        return result

    def _split(self, words: Sequence[str]) -> list[list[str]]:
        if not words:
            return []
        cuts = self.best_cuts([readable(word) for word in words])
        halves = [
            half
            for word, cut in zip(words, cuts, strict=True)
            if cut
            for half in (word[:cut], word[cut:])
        ]
        parts = iter(self._split(halves))
        return [
            [*next(parts), *next(parts)] if cut else [word]
            for word, cut in zip(words, cuts, strict=True)
        ]


def readable(word: str) -> str:
    """The word in lower case; nothing where it is too long or its length would change."""
    lower = word.lower()
    return lower if len(lower) == len(word) <= _LONGEST_WORD else ""


def cuts(parts: Sequence[str]) -> tuple[int, ...]:
    """Where ``parts`` meet in the word that they make."""
    return tuple(np.cumsum([len(part) for part in parts])[:-1].tolist())


def _error(scores: Floats, right: NDArray[np.bool_], gaps: Gaps) -> Floats:
    """Gradient of minus the log probability that a right candidate is chosen, by candidate."""
    return _softmax(scores, gaps) - _softmax(np.where(right, scores, -np.inf), gaps)


def _softmax(scores: Floats, gaps: Gaps) -> Floats:
    """Probabilities of the candidates of each word."""
    exponents = np.exp(scores - np.maximum.reduceat(scores, gaps.starts)[gaps.word])
    shares: Floats = exponents / np.add.reduceat(exponents, gaps.starts)[gaps.word]
    return shares
