"""Which mixture of groups a tokenizer is best learnt from: a search with tokenizers as proxies.

Source: Diao et al. 2025, "CLIMB: CLustering-based Iterative Data Mixture Bootstrapping for Language
Model Pre-training", arXiv:2504.13161, whose proxies are small language models.

1. Mixtures are drawn evenly over the simplex (uniform and natural ones are among them); for each a
   tokenizer is learnt and measured on text of all groups that was held out.
2. A regression on all trials so far (here a ridge of second degree; theirs are boosted trees) rates
   a thousand more mixtures; the best are tried, and so on.
3. The best trial is the answer.

A trial costs seconds, because it learns from counts of pretokens: a mixture is a weighted sum of
the counts of its groups. Their clustering of a corpus into groups is not done.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.errors import LearnError
from tokenry.learning.contract import WordLearner
from tokenry.learning.session import Session
from tokenry.learning.word_counts import WordCounts
from tokenry.progress import Progress, silent
from tokenry.results import Result
from tokenry.seeds import generator
from tokenry.tokenizer import Tokenizer

Objective = Literal["compression", "parity"]
_CANDIDATES: Final = 1000
_RIDGE: Final = 1e-3
_SMALLEST: Final = 1e-4  # of a group's share, in logarithms


@dataclass(frozen=True, slots=True)
class MixtureTrial(Result):
    """A mixture that was tried.

    Attributes:
        shares: of pretokens, by group.
        tokens_per_byte: of the held-out text of each group.
        score: less is better.
        round: in which it was tried, from 0.
    """

    shares: dict[str, float]
    tokens_per_byte: dict[str, float]
    score: float
    round: int


@dataclass(frozen=True, slots=True)
class MixtureSearch(Result):
    """All trials, the best first; ``uniform`` and ``natural`` are those of the same shares."""

    objective: str
    trials: tuple[MixtureTrial, ...]
    uniform: MixtureTrial
    natural: MixtureTrial

    @property
    def best(self) -> MixtureTrial:
        """The trial with the least score."""
        return self.trials[0]


@dataclass(frozen=True)
class MixtureProblem:
    """What is searched.

    Attributes:
        learner: learns from counted words, such as `tokenry.learning.Bpe`.
        train: counts to learn from, by group.
        held: counts of text that was held out, by group.
        objective: ``compression``: the mean of the logarithms of tokens a byte, so that each group
            counts alike; ``parity``: the most tokens of a group over the least, for text that says
            the same in all groups.
    """

    learner: WordLearner[Any]
    train: Mapping[str, WordCounts]
    held: Mapping[str, WordCounts]
    objective: Objective = "compression"

    def __post_init__(self) -> None:
        if set(self.train) != set(self.held) or len(self.train) < 2:
            raise LearnError(
                f"groups {sorted(self.train)} to learn from and {sorted(self.held)} held out; "
                "expected the same, two or more"
            )

    def tokenizer(self, shares: Mapping[str, float]) -> Tokenizer:
        """The tokenizer of a mixture."""
        counter = mixed(self.train, shares)
        session = Session.of(())
        return self.learner.tokenizer(self.learner.fit_words(session, counter))

    def trial(self, shares: Mapping[str, float], number: int) -> MixtureTrial:
        """Learn from a mixture, and measure."""
        tokenizer = self.tokenizer(shares)
        tokens = {group: count_tokens(tokenizer, words) for group, words in self.held.items()}
        rates = {group: tokens[group] / self.held[group].size for group in tokens}
        if self.objective == "parity":
            score = max(tokens.values()) / min(tokens.values())
        else:
            score = sum(map(math.log, rates.values())) / len(rates)
        return MixtureTrial(dict(shares), rates, score, number)


def mixed(train: Mapping[str, WordCounts], shares: Mapping[str, float]) -> _native.WordCounter:
    """Counts of a mixture: each group's, scaled to its share of all pretokens."""
    total = sum(int(words.counts.sum()) for words in train.values())
    counter = _native.WordCounter(None, 1)
    for group, words in train.items():
        scale = shares[group] * total / max(int(words.counts.sum()), 1)
        counts = np.rint(words.counts * scale).astype(np.int64)
        kept = np.flatnonzero(counts)
        every = words.words()
        for at, count in zip(kept.tolist(), counts[kept].tolist(), strict=True):
            counter.add_word(every[at], count)
    return counter


def count_tokens(tokenizer: Tokenizer, words: WordCounts) -> int:
    """Tokens of all counted pretokens."""
    lengths = tokenizer.encode_pretokens(words.words()).lengths()
    return int((lengths * words.counts.astype(np.int64)).sum())


def search_mixture(
    problem: MixtureProblem,
    *,
    trials: Sequence[int] = (16, 8, 8),
    seed: int = 0,
    progress: Progress = silent,
) -> MixtureSearch:
    """Search the mixture that is best to learn from.

    Args:
        problem: groups, learner and objective.
        trials: how many mixtures are tried in each round; uniform and natural come beside.
        seed: of all that is drawn.
        progress: told how far it is.
    """
    groups = sorted(problem.train)
    draw = generator(seed, "mixtures")
    sizes = np.array([problem.train[group].counts.sum() for group in groups], np.float64)
    found: list[tuple[NDArray[np.float64], MixtureTrial]] = []
    total = 2 + sum(trials)

    def attempt(point: NDArray[np.float64], number: int) -> None:
        shares = dict(zip(groups, point.tolist(), strict=True))
        found.append((point, problem.trial(shares, number)))
        progress("trials", len(found), total)

    attempt(np.full(len(groups), 1 / len(groups)), 0)
    attempt(sizes / sizes.sum(), 0)
    for number, count in enumerate(trials):
        candidates = draw.dirichlet(np.ones(len(groups)), max(_CANDIDATES, count))
        if number:
            predict = regression(*_points(found))
            candidates = candidates[np.argsort(predict(candidates), kind="stable")]
        for point in candidates[:count]:
            attempt(point, number)
    uniform, natural = found[0][1], found[1][1]
    ranked = sorted((trial for _, trial in found), key=lambda trial: trial.score)
    return MixtureSearch(problem.objective, tuple(ranked), uniform, natural)


def _points(
    found: Sequence[tuple[NDArray[np.float64], MixtureTrial]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.stack([point for point, _ in found]), np.array([trial.score for _, trial in found])


def regression(
    points: NDArray[np.float64], scores: NDArray[np.float64]
) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """A ridge of second degree in the logarithms of shares: what predicts a score."""
    features = _features(points)
    center = scores.mean()
    gram = features.T @ features + _RIDGE * len(points) * np.eye(features.shape[1])
    weights = np.linalg.solve(gram, features.T @ (scores - center))

    def predict(others: NDArray[np.float64]) -> NDArray[np.float64]:
        values: NDArray[np.float64] = _features(others) @ weights + center
        return values

    return predict


def _features(points: NDArray[np.float64]) -> NDArray[np.float64]:
    logs = np.log(np.maximum(points, _SMALLEST)) / -math.log(_SMALLEST)
    first, second = np.triu_indices(points.shape[1])
    return np.concatenate([np.ones((len(points), 1)), logs, logs[:, first] * logs[:, second]], 1)
