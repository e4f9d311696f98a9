"""How the next symbol is drawn from logarithms of probabilities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import ModelError


@dataclass(frozen=True)
class Drawing:
    """One symbol from a distribution.

    Attributes:
        temperature: probabilities to the power of its inverse; 0 takes the likeliest symbol.
        top_p: only the likeliest symbols that together have this probability (Holtzman et al.
            2020, arXiv:1904.09751).
    """

    temperature: float = 1.0
    top_p: float = 1.0

    def __post_init__(self) -> None:
        if self.temperature < 0 or not 0 < self.top_p <= 1:
            raise ModelError(
                f"temperature={self.temperature} and top_p={self.top_p}; expected a temperature of "
                "0 or more and a top_p above 0 up to 1"
            )

    def probabilities(self, logprobs: NDArray[np.float64]) -> NDArray[np.float64]:
        """What is drawn from, shape as given."""
        if self.temperature == 0:
            likeliest = np.zeros(len(logprobs))
            likeliest[logprobs.argmax()] = 1
            return likeliest
        scaled = logprobs / self.temperature
        weights = np.exp(scaled - scaled.max())
        if self.top_p == 1:
            every: NDArray[np.float64] = weights / weights.sum()
            return every
        order = np.argsort(-weights, kind="stable")
        before = np.cumsum(weights[order]) - weights[order]
        weights[order[before >= self.top_p * weights.sum()]] = 0
        found: NDArray[np.float64] = weights / weights.sum()
        return found

    def draw(self, logprobs: NDArray[np.float64], source: np.random.Generator) -> int:
        """The number of a symbol."""
        return int(source.choice(len(logprobs), p=self.probabilities(logprobs)))
