"""Sampled in training: a row by its nearness, so that near rows stand in for each other.

LARP (Wang et al. 2024, arXiv:2410.21264) samples at a temperature of 0.03; the row that is nearest
at encoding is then one of many that the decoder knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.parts import above
from tokenry.signals.bottlenecks.lookup import BLOCK, best_rows
from tokenry.signals.distances import CodeDistance

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, kw_only=True)
class SampledCode:
    """``softmax(nearness / temperature)`` in training, the nearest in eval mode.

    Attributes:
        temperature: the lower, the nearer.
    """

    temperature: float = 0.03

    def __post_init__(self) -> None:
        above(self, 0, "temperature")

    def choose(
        self, vectors: Tensor, rows: Tensor, distance: CodeDistance, training: bool, done: float
    ) -> Tensor:
        """By the largest of nearness and Gumbel noise, a block at a time."""
        import torch

        vectors, rows = vectors.detach(), rows.detach()
        bias = distance.bias(rows)
        if not training:
            return best_rows(vectors, rows, bias)
        step = max(1, BLOCK // len(rows))
        found = []
        for part in torch.split(vectors, step):
            scores = torch.addmm(bias, part, rows.t()) / self.temperature
            found.append((scores - torch.empty_like(scores).exponential_().log()).argmax(-1))
        return torch.cat(found)
