"""What decides whether a small model's next id has to come from a large one; plain forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry.models.causal import log_softmax
from tokenry.seeds import generator


@dataclass(frozen=True, eq=False)
class RoutingEvidence:
    """What a small model says of the next id of each text.

    Attributes:
        logits: shape (texts, vocab).
        hidden: the vectors that logits are read from, shape (texts, width).
        ids: its likeliest next ids, shape (texts,).
    """

    logits: NDArray[np.float32]
    hidden: NDArray[np.float32]
    ids: NDArray[np.int64]


class Router(Protocol):
    """A frozen dataclass."""

    def scores(self, evidence: RoutingEvidence) -> NDArray[np.float64]:
        """How much each next id should be left to the large model, shape (texts,)."""

    @property
    def threshold(self) -> float:
        """The large model gives the id where the score is above."""


def entropy(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    """In nats, over the last axis."""
    logprobs = log_softmax(logits)
    found: NDArray[np.float64] = -(np.exp(logprobs) * np.maximum(logprobs, -1e9)).sum(-1)
    return found


@dataclass(frozen=True)
class EntropyRouter:
    """By the entropy of the small model's distribution, in nats."""

    threshold: float = 0.45

    def scores(self, evidence: RoutingEvidence) -> NDArray[np.float64]:
        """Entropies."""
        return entropy(evidence.logits)


@dataclass(frozen=True)
class RandomRouter:
    """By chance: a baseline that sends a share of the ids.

    Attributes:
        share: of ids that the large model gives.
        seed: of the chance.
    """

    share: float = 0.1
    seed: int = 0
    _source: np.random.Generator = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_source", generator(self.seed, "random router"))

    @property
    def threshold(self) -> float:
        """Above it lies the share."""
        return 1 - self.share

    def scores(self, evidence: RoutingEvidence) -> NDArray[np.float64]:
        """Drawn evenly."""
        return self._source.random(len(evidence.ids))
