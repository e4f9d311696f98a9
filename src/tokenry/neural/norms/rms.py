"""RMS normalisation: root mean square one, then a learned scale.

Zhang & Sennrich 2019, arXiv:1910.07467.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.building import torch_for
from tokenry.neural.parts import at_least

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True, kw_only=True)
class RmsNorm:
    """Normalise by the root mean square; the mean stays.

    Attributes:
        epsilon: added to the mean square.
    """

    epsilon: float = 1e-5

    def __post_init__(self) -> None:
        at_least(self, 0, "epsilon")

    def build(self, width: int) -> nn.Module:
        """torch's own."""
        module: nn.Module = torch_for(self, "torch.nn").RMSNorm(width, eps=self.epsilon)
        return module
