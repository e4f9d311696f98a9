"""Difficult examples of every kind: complexity within clusters, for code.

Source: Lv et al. 2025, "Data-efficient LLM Fine-tuning for Code Generation", arXiv:2504.12687.

1. Examples are embedded and grouped by k-means (ten groups), so that the choice keeps the
   distribution of kinds.
2. An example's difficulty is how little its instruction helps with its answer: the perplexity of
   the answer behind the instruction over that of the answer alone (IFD, Li et al. 2024,
   arXiv:2308.12032). One and above: the instruction does not help at all, and the example is left
   out.
3. Of each group the most difficult two fifths are kept.

They embed with a network; here it is `vectors`. Perplexities are the caller's, of any model; where
there is none, `ComplexityScorer` takes the surprisal under pairs of tokens. Packing is in
`tokenry.shards.packing`, which lets no example attend to its neighbour, as theirs does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tokenry.corpus.selection.bigrams import BigramModel
from tokenry.corpus.selection.clusters import DocumentClusters
from tokenry.corpus.selection.contract import Scores, SelectionTask
from tokenry.errors import CorpusError
from tokenry.tokenizer import Tokenizer

CLUSTERS, SHARE, HELPLESS = 10, 0.4, 1.0


def instruction_difficulty(behind: ArrayLike, alone: ArrayLike) -> Scores:
    """Ratios of perplexities, shape (n,).

    Args:
        behind: nats a token of each answer behind its instruction.
        alone: nats a token of the same answer by itself.

    >>> instruction_difficulty([1.0, 2.0], [1.0, 2.5]).round(3).tolist()
    [1.0, 0.607]
    """
    found: Scores = np.exp(np.asarray(behind, np.float64) - np.asarray(alone, np.float64))
    return found


def difficult_of_each(
    difficulties: ArrayLike,
    groups: ArrayLike,
    *,
    share: float = SHARE,
    most: float = HELPLESS,
) -> NDArray[np.int64]:
    """Numbers of the most difficult examples of each group, by group, the most difficult first.

    Args:
        difficulties: one an example.
        groups: of examples.
        share: of each group's examples below ``most`` that is kept; one at least.
        most: examples of this difficulty and above are left out.

    Raises:
        CorpusError: lengths differ.
    """
    rated, names = np.asarray(difficulties, np.float64), np.asarray(groups)
    if rated.shape != names.shape:
        raise CorpusError(f"{rated.shape} difficulties for {names.shape} groups; expected equal")
    kept = [np.zeros(0, np.int64)]
    for group in np.unique(names):
        members = np.flatnonzero((names == group) & (rated < most))
        order = members[np.argsort(-rated[members], kind="stable")]
        kept.append(order[: int(np.ceil(share * len(order)))])
    return np.concatenate(kept)


def complexity_sample(
    tokenizer: Tokenizer,
    texts: Sequence[bytes],
    difficulties: ArrayLike,
    *,
    clusters: int = CLUSTERS,
    share: float = SHARE,
    seed: int = 0,
) -> NDArray[np.int64]:
    """The whole of it: group the texts, and keep the most difficult of each group."""
    groups = DocumentClusters.fit(tokenizer, texts, clusters, seed=seed).labels(texts)
    return difficult_of_each(difficulties, groups, share=share)


@dataclass(frozen=True, eq=False)
class ComplexityScorer:
    """How far a document's surprisal is above that of its own kind, in standard deviations.

    Attributes:
        model: of the raw documents.
        clusters: of them.
        means, spreads: of nats a byte in each cluster, shape (clusters,).
    """

    model: BigramModel
    clusters: DocumentClusters
    means: Scores
    spreads: Scores

    @classmethod
    def of(cls, task: SelectionTask) -> Self:
        """Of the raw documents."""
        (raw,) = task.needed("raw")
        count = min(CLUSTERS, len(raw))
        clusters = DocumentClusters.fit(task.tokenizer, raw, count, seed=task.seed)
        model = BigramModel.fit(task.tokenizer, raw)
        rates, labels = model.per_byte(raw), clusters.labels(raw)
        each = [rates[labels == label] if (labels == label).any() else rates
                for label in range(count)]  # fmt: skip
        means, spreads = (np.array([f(part) for part in each]) for f in (np.mean, np.std))
        return cls(model, clusters, means, np.maximum(spreads, 1e-9))

    def score(self, texts: Sequence[bytes]) -> Scores:
        """Standard scores, shape (n,)."""
        labels = self.clusters.labels(texts)
        found: Scores = (self.model.per_byte(texts) - self.means[labels]) / self.spreads[labels]
        return found
