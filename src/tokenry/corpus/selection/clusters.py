"""Documents in groups of like ones: k-means over their vectors.

Lloyd 1982, started by k-means++ (Arthur, Vassilvitskii 2007); a cluster that loses all documents
takes the one that is farthest from its own centre.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.corpus.selection.vectors import DocumentVectors
from tokenry.errors import CorpusError
from tokenry.seeds import generator
from tokenry.tokenizer import Tokenizer

_ROUNDS: Final = 25
Rows = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class DocumentClusters:
    """Centres of groups.

    Attributes:
        vectors: what makes vectors of texts.
        centres: shape (clusters, width).
    """

    vectors: DocumentVectors
    centres: Rows

    @classmethod
    def fit(
        cls, tokenizer: Tokenizer, texts: Sequence[bytes], count: int = 10, *, seed: int = 0
    ) -> DocumentClusters:
        """Group documents.

        Raises:
            CorpusError: there are fewer documents than groups.
        """
        if not 0 < count <= len(texts):
            raise CorpusError(f"{count} clusters of {len(texts)} documents; expected fewer")
        vectors = DocumentVectors.fit(tokenizer, texts)
        rows = vectors.of(texts)
        return cls(vectors, k_means(rows, count, generator(seed, "clusters")))

    def labels(self, texts: Sequence[bytes]) -> NDArray[np.int64]:
        """The group of each document, shape (n,)."""
        found: NDArray[np.int64] = _distances(self.vectors.of(texts), self.centres).argmin(axis=1)
        return found


def k_means(rows: Rows, count: int, draw: np.random.Generator) -> Rows:
    """Centres of ``count`` groups, shape (count, width)."""
    centres = _spread(rows, count, draw)
    before = np.full(len(rows), -1)
    for _ in range(_ROUNDS):
        distances = _distances(rows, centres)
        labels = distances.argmin(axis=1)
        for empty in np.setdiff1d(np.arange(count), labels):
            farthest = int(distances[np.arange(len(rows)), labels].argmax())
            labels[farthest] = empty
            distances[farthest] = 0.0
        if (labels == before).all():
            break
        centres = np.stack([
            rows[labels == each].mean(axis=0) if (labels == each).any() else centres[each]
            for each in range(count)
        ])  # fmt: skip
        before = labels
    return centres


def _spread(rows: Rows, count: int, draw: np.random.Generator) -> Rows:
    chosen = [int(draw.integers(len(rows)))]
    nearest = _distances(rows, rows[chosen])[:, 0]
    while len(chosen) < count:
        total = float(nearest.sum())
        shares = nearest / total if total > 0 else np.full(len(rows), 1 / len(rows))
        chosen.append(int(draw.choice(len(rows), p=shares)))
        nearest = np.minimum(nearest, _distances(rows, rows[chosen[-1:]])[:, 0])
    return rows[chosen]


def _distances(rows: Rows, centres: Rows) -> NDArray[np.float64]:
    """Squared, shape (n, centres)."""
    squares = (rows**2).sum(axis=1)[:, None] + (centres**2).sum(axis=1)
    found: NDArray[np.float64] = np.maximum(squares - 2 * rows @ centres.T, 0.0).astype(np.float64)
    return found
