"""Layer normalisation: mean zero, variance one, then a learned scale and shift or none.

Ba et al. 2016, arXiv:1607.06450.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.building import torch_for
from tokenry.neural.parts import at_least

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True, kw_only=True)
class LayerNorm:
    """Normalise by mean and variance.

    Attributes:
        epsilon: added to the variance.
        learned: whether a scale and a shift are learned.
    """

    epsilon: float = 1e-5
    learned: bool = True

    def __post_init__(self) -> None:
        at_least(self, 0, "epsilon")

    def build(self, width: int) -> nn.Module:
        """torch's own."""
        norm = torch_for(self, "torch.nn").LayerNorm
        module: nn.Module = norm(width, eps=self.epsilon, elementwise_affine=self.learned)
        return module
