"""As modules draw them, and small positions: torch's own spread of one would hide the patches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.parts import above

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What published vision transformers start from.

    Attributes:
        spread: standard deviation of rows of positions.
    """

    spread: float = 0.02

    def __post_init__(self) -> None:
        above(self, 0, "spread")

    def fill(self, network: nn.Module) -> None:
        """Rows of embeddings."""
        import torch

        for module in network.modules():
            if isinstance(module, torch.nn.Embedding):
                torch.nn.init.normal_(module.weight, std=self.spread)
