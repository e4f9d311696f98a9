"""All segmentations of a sentence under a unigram model: the best n, samples, and their entropy.

The best n are found by A* from the end of the sentence (Nagata 1994), samples by forward filtering
and backward sampling (Kudo 2018, arXiv:1804.10959), samples without replacement by stochastic beam
search in the order of perturbed scores (Kool, van Hoof, Welling 2019, arXiv:1903.06059).
"""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count

import numpy as np

from tokenry.text.segmenters.unigram import PathPiece, UnigramSegmenter, characters

Path = tuple[PathPiece, ...]
# SentencePiece forgets hypotheses beyond this many, and keeps the best of them.
MOST_HYPOTHESES, FEWEST_HYPOTHESES = 10_000, 512


@dataclass(frozen=True, slots=True)
class LatticeNode:
    """A piece at a place of the sentence; id None for an unknown character."""

    id: int | None
    begin: int
    end: int
    score: np.float32


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A way from a node to the end of the sentence, as a linked list."""

    node: LatticeNode
    score: float  # of all nodes of it
    after: Hypothesis | None


@dataclass(frozen=True)
class Lattice:
    """The segmentations of a pretoken.

    Args:
        segmenter: whose pieces and scores.
        text: the pretoken, UTF-8.
    """

    segmenter: UnigramSegmenter
    text: bytes
    _ending: dict[int, list[LatticeNode]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        scores = self.segmenter.scores.astype(np.float32)
        unknown = np.float32(self.segmenter.unknown_score)
        for at, width in characters(self.text):
            for id_, end in self.segmenter.pieces_at(self.text, at, width):
                score = unknown if id_ is None else scores[id_]
                self._ending.setdefault(end, []).append(LatticeNode(id_, at, end, score))

    def best(self, number: int) -> list[tuple[Path, float]]:
        """The segmentations of the highest scores, descending, with their scores."""
        best = self._best_scores
        found: list[tuple[Path, float]] = []
        order = count()
        agenda: list[tuple[float, int, Hypothesis]] = []
        start = Hypothesis(self._end, 0.0, None)
        heapq.heappush(agenda, (-float(best[len(self.text)]), next(order), start))
        while agenda and len(found) < number:
            negative, _, top = heapq.heappop(agenda)
            if top.node.begin == 0:
                found.append((_path(top), -negative))
                continue
            for node in self._ending.get(top.node.begin, ()):
                so_far = np.float32(top.score)
                bound = (best[node.begin] + node.score) + so_far
                longer = Hypothesis(node, float(node.score + so_far), top)
                heapq.heappush(agenda, (-float(bound), next(order), longer))
            if len(agenda) >= MOST_HYPOTHESES:
                agenda = heapq.nsmallest(min(FEWEST_HYPOTHESES, number * 10), agenda)
        return found

    def sample(self, smoothing: float, rng: random.Random) -> Path:
        """A segmentation, drawn in proportion to its probability to the power of ``smoothing``."""
        forward = self._forward(smoothing)
        path: list[PathPiece] = []
        at = len(self.text)
        while at > 0:
            nodes = self._ending[at]
            weights = [
                math.exp(forward[node.begin] + smoothing * float(node.score) - forward[at])
                for node in nodes
            ]
            node = rng.choices(nodes, weights)[0]
            path.append((node.id, node.begin, node.end))
            at = node.begin
        return tuple(reversed(path))

    def score(self, path: Path, smoothing: float) -> float:
        """The logarithm of the probability with which `sample` draws a segmentation."""
        scores = {(node.id, node.begin, node.end): float(node.score) for node in self._nodes()}
        total = sum(smoothing * scores[piece] for piece in path)
        return total - self._forward(smoothing)[len(self.text)]

    def sample_distinct(
        self, number: int, smoothing: float, rng: random.Random
    ) -> list[tuple[Path, float, float]]:
        """Different segmentations, drawn without replacement.

        Returns:
            at most ``number`` of them in the order in which they were drawn, each with its log
            probability and its perturbed one.
        """
        forward = self._forward(smoothing)
        found: list[tuple[Path, float, float]] = []
        order = count()
        start = Hypothesis(self._end, 0.0, None)
        agenda = [(-_gumbel(rng), next(order), start)]
        while agenda and len(found) < number:
            negative, _, top = heapq.heappop(agenda)
            at = top.node.begin
            if at == 0:
                found.append((_path(top), top.score, -negative))
                continue
            nodes = self._ending[at]
            scores = [
                top.score + forward[node.begin] + smoothing * float(node.score) - forward[at]
                for node in nodes
            ]
            perturbed = _conditioned([each + _gumbel(rng) for each in scores], -negative)
            for node, score, height in zip(nodes, scores, perturbed, strict=True):
                heapq.heappush(agenda, (-height, next(order), Hypothesis(node, score, top)))
        return found

    def entropy(self, smoothing: float) -> float:
        """The entropy of what `sample` draws, in nats."""
        forward = self._forward(smoothing)
        entropies = {0: 0.0}
        for at in sorted(self._ending):
            total = 0.0
            for node in self._ending[at]:
                log = forward[node.begin] + smoothing * float(node.score) - forward[at]
                total += math.exp(log) * (entropies[node.begin] - log)
            entropies[at] = total
        return entropies[len(self.text)]

    def _nodes(self) -> Iterator[LatticeNode]:
        return (node for nodes in self._ending.values() for node in nodes)

    @property
    def _end(self) -> LatticeNode:
        return LatticeNode(None, len(self.text), len(self.text), np.float32(0))

    @cached_property
    def _best_scores(self) -> dict[int, np.float32]:
        """Of the best way from the beginning to each place that a piece ends at."""
        best = {0: np.float32(0)}
        for at in sorted(self._ending):
            best[at] = max(best[node.begin] + node.score for node in self._ending[at])
        return best

    def _forward(self, smoothing: float) -> dict[int, float]:
        """The logarithm of the sum over all ways to each place that a piece ends at."""
        sums = {0: 0.0}
        for at in sorted(self._ending):
            logs = [sums[node.begin] + smoothing * float(node.score) for node in self._ending[at]]
            most = max(logs)
            sums[at] = most + math.log(sum(math.exp(each - most) for each in logs))
        return sums


def _path(hypothesis: Hypothesis) -> Path:
    path: list[PathPiece] = []
    step: Hypothesis | None = hypothesis
    while step is not None and step.after is not None:
        path.append((step.node.id, step.node.begin, step.node.end))
        step = step.after
    return tuple(path)


def _gumbel(rng: random.Random) -> float:
    return -math.log(-math.log(max(rng.random(), 1e-300)))


def _conditioned(perturbed: list[float], highest: float) -> list[float]:
    """Gumbel variables shifted so that their maximum is ``highest`` (Kool et al., appendix B.3)."""
    most = max(perturbed)
    result = []
    for each in perturbed:
        if each == most:
            result.append(highest)
            continue
        value = highest - each + math.log1p(-math.exp(each - most))
        result.append(highest - max(0.0, value) - math.log1p(math.exp(-abs(value))))
    return result
