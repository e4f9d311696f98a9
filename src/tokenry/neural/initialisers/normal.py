"""Normal: all rows and matrices from one normal distribution, biases zero.

Radford et al. 2019 (GPT-2) use a standard deviation of 0.02.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.parts import at_least

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True, kw_only=True)
class Normal:
    """Weights of linear layers and of embeddings.

    Attributes:
        spread: standard deviation. 0.02 suits text; a narrow model that adds learns sooner from
            0.1: its positions tell apart what it reads from the first step.
    """

    spread: float = 0.02

    def __post_init__(self) -> None:
        at_least(self, 0, "spread")

    def fill(self, model: nn.Module) -> None:
        """Draw them, in the order of the modules."""
        from torch import nn

        for module in model.modules():
            if isinstance(module, nn.Linear | nn.Embedding):
                nn.init.normal_(module.weight, std=self.spread)
            if isinstance(module, nn.Linear) and module.bias is not None:
                nn.init.zeros_(module.bias)
