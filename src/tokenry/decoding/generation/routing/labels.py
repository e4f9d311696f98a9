"""Which ids of a small model make a text part from the large one's: the labels of a router.

Where the likeliest ids of both agree there is nothing to decide. Where they differ, the large model
goes on from either, and a judge says whether the two texts differ in what they say (divergent) or
in how (neutral). The authors of R2R ask a model of 72 billion parameters. Without one,
`LikelihoodJudge` stands in: an id is neutral where the large model finds the text that begins with
it hardly less likely than its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.generation.drafters.nothing import Nothing
from tokenry.decoding.generation.method import Request
from tokenry.decoding.generation.routing.router import RoutingEvidence
from tokenry.decoding.generation.speculative import Speculative
from tokenry.models.causal import CausalModel, log_softmax


class Judge(Protocol):
    """What tells texts apart."""

    def divergent(
        self, large: CausalModel, before: Sequence[int], own: Sequence[int], other: Sequence[int]
    ) -> bool:
        """Whether ``other`` says something else than ``own`` behind ``before``."""


@dataclass(frozen=True)
class LikelihoodJudge:
    """Texts are alike where the large model finds them alike likely.

    Attributes:
        margin: nats an id, over the whole continuation, by which the other text may be less likely.
    """

    margin: float = 0.3

    def divergent(
        self, large: CausalModel, before: Sequence[int], own: Sequence[int], other: Sequence[int]
    ) -> bool:
        """Whether the other text is less likely by more than the margin."""
        scores = [_mean_logprob(large, before, each) for each in (own, other)]
        return scores[0] - scores[1] > self.margin


@dataclass(frozen=True, eq=False)
class Labelled:
    """Places of texts, with what a router sees there.

    Attributes:
        evidence: a row a place.
        differs: whether both models' likeliest ids differ, shape (places,).
        divergent: whether the large model has to give the id, shape (places,).
    """

    evidence: RoutingEvidence
    differs: NDArray[np.bool_]
    divergent: NDArray[np.bool_]

    @classmethod
    def joined(cls, parts: Sequence[Labelled]) -> Labelled:
        """Places of several, in order."""
        seen = [each.evidence for each in parts]
        evidence = RoutingEvidence(
            np.concatenate([each.logits for each in seen]),
            np.concatenate([each.hidden for each in seen]),
            np.concatenate([each.ids for each in seen]),
        )
        return cls(
            evidence,
            np.concatenate([each.differs for each in parts]),
            np.concatenate([each.divergent for each in parts]),
        )


def labelled(
    small: CausalModel,
    large: CausalModel,
    texts: Sequence[Sequence[int]],
    *,
    judge: Judge | None = None,
    length: int = 8,
    ends: tuple[int, ...] = (),
) -> Labelled:
    """Label every place of texts that the large model wrote.

    Args:
        small, large: with the same ids.
        texts: ids, two or more each.
        judge: tells texts apart; None: `LikelihoodJudge`.
        length: ids of a continuation.
        ends: ids that end a text.
    """
    judge = judge or LikelihoodJudge()
    return Labelled.joined(
        [_label(small, large, list(text), judge, length, ends) for text in texts]
    )


def _label(
    small: CausalModel,
    large: CausalModel,
    text: list[int],
    judge: Judge,
    length: int,
    ends: tuple[int, ...],
) -> Labelled:
    read = small.start([text[:-1]], logits="all", hidden=[small.layers])
    said = large.start([text[:-1]], logits="all").logits[0].argmax(-1)
    ids = read.logits[0].argmax(-1)
    differs = ids != said
    divergent = np.zeros(len(ids), np.bool_)
    for at in np.flatnonzero(differs).tolist():
        before = text[: at + 1]
        own, other = _continued(large, before, [int(said[at]), int(ids[at])], length, ends)
        divergent[at] = judge.divergent(large, before, own, other)
    evidence = RoutingEvidence(read.logits[0], read.hidden[small.layers][0], ids)
    return Labelled(evidence, differs, divergent)


def _continued(
    large: CausalModel, before: list[int], ids: list[int], length: int, ends: tuple[int, ...]
) -> list[list[int]]:
    """What the large model writes after each id, the id first."""
    prompts = [[*before, id_] for id_ in ids]
    done = Speculative(Nothing()).generate(large, prompts, Request(length, ends))
    return [[id_, *each.ids] for id_, each in zip(ids, done, strict=True)]


def _mean_logprob(large: CausalModel, before: Sequence[int], ids: Sequence[int]) -> float:
    text = [*before, *ids]
    rows = log_softmax(large.start([text[:-1]], logits="all").logits[0][-len(ids) :])
    return float(rows[np.arange(len(ids)), list(ids)].mean())


def threshold_for_recall(
    scores: NDArray[np.float64], divergent: NDArray[np.bool_], recall: float = 0.95
) -> float:
    """The highest threshold above which that share of divergent places lies.

    >>> threshold_for_recall(np.array([0.1, 0.9, 0.8, 0.4]), np.array([False, True, True, False]))
    0.7999999999999999
    """
    wanted = np.sort(scores[divergent])
    if not len(wanted):
        return float("inf")
    below = int(np.floor((1 - recall) * len(wanted)))
    return float(np.nextafter(wanted[below], -np.inf))
