"""What a scorer is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]


class DocumentScorer(Protocol):
    """A frozen dataclass that gives documents scores; it never changes a document."""

    def score(self, texts: Sequence[bytes]) -> Scores:
        """One score a document, shape (n,); more is better."""


def per_document(values: NDArray[Any], offsets: NDArray[np.uint64]) -> Scores:
    """Sums of ``values`` over each document's stretch of them; 0 for an empty one."""
    sums = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    places = offsets.astype(np.int64)
    found: Scores = sums[places[1:]] - sums[places[:-1]]
    return found
