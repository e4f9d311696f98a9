"""Chunks of random numbers of words, which supertokens are learnt from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.text.parts import Pretokenizer

Ends = NDArray[np.uint64]


@dataclass(frozen=True)
class Chunker:
    """Cuts documents into chunks of random numbers of words.

    Attributes:
        words: cuts words.
        outer: cuts that no chunk crosses.
        weights: of chunks of 1, 2, 3, ... words; they sum to 1.
        draws: where the lengths come from, document by document.
    """

    words: Pretokenizer
    outer: Pretokenizer
    weights: NDArray[np.float64]
    draws: np.random.Generator

    def __call__(self, data: bytes) -> Ends:
        """Ends of the chunks of ``data``, which they cover."""
        ends = self.words(data).ends
        most = len(ends)  # chunks; enough even if all were of one word
        if most == 0:
            return ends
        lengths = 1 + self.draws.choice(len(self.weights), size=most, p=self.weights)
        last = np.cumsum(lengths) - 1
        chosen = ends[last[last < most]]
        return np.union1d(np.append(chosen, ends[-1:]), self.outer(data).ends)
