"""Backpropagation through the index: all rows learn from what the chosen one is decoded to.

Shi et al. 2024 (IBQ), arXiv:2412.02692. In training it makes the table of all scores.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.parts import above
from tokenry.signals.bottlenecks.straight import with_gradient_of
from tokenry.signals.distances import CodeDistance

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, kw_only=True)
class IndexBackprop:
    """The row in front, the mean of all rows by the softmax of their nearness behind.

    Attributes:
        temperature: of the softmax.
    """

    temperature: float = 1.0

    def __post_init__(self) -> None:
        above(self, 0, "temperature")

    def passed(
        self, vectors: Tensor, chosen: Tensor, codes: Tensor, rows: Tensor, distance: CodeDistance
    ) -> Tensor:
        """``chosen`` with the gradient of the soft mean, and of the row itself."""
        import torch

        if not torch.is_grad_enabled():
            return chosen
        nearness = torch.addmm(distance.bias(rows), vectors, rows.t()) / self.temperature
        return with_gradient_of(chosen, nearness.softmax(-1) @ rows)
