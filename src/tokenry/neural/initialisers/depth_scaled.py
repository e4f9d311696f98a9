"""Depth-scaled normal: what is added to the residual stream starts smaller in deeper models.

Radford et al. 2019 (GPT-2), section 2.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.initialisers.normal import Normal
from tokenry.neural.parts import at_least

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True, kw_only=True)
class DepthScaled:
    """As `Normal`, but the last layers of mixers and feed-forwards by ``1 / sqrt(2 layers)``.

    Attributes:
        spread: standard deviation of the others.
    """

    spread: float = 0.02

    def __post_init__(self) -> None:
        at_least(self, 0, "spread")

    def fill(self, model: nn.Module) -> None:
        """Draw them, in the order of the modules."""
        import torch
        from torch import nn

        Normal(spread=self.spread).fill(model)
        last = [
            module
            for name, module in model.named_modules()
            if isinstance(module, nn.Linear) and name.endswith((".out", ".narrow", ".down"))
        ]
        with torch.no_grad():
            for module in last:
                module.weight /= max(1, len(last)) ** 0.5
