"""Quantization dropout: some items are decoded from vectors that were not quantized.

FlexTok (Bachmann et al. 2025), arXiv:2502.13967, and others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import PartError

if TYPE_CHECKING:
    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import Quantized


@dataclass(frozen=True, kw_only=True)
class UnquantizedItems:
    """Each item by itself.

    Attributes:
        share: of the items.
    """

    share: float = 0.1

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise PartError(f"share of UnquantizedItems is {self.share!r}, expected 0 to 1")

    def perturbed(self, quantized: Quantized, bottleneck: Assembled, done: float) -> Quantized:
        """Soft vectors for some items.

        Raises:
            PartError: the bottleneck has none.
        """
        import torch

        if quantized.soft is None:
            raise PartError(f"{type(bottleneck.part).__name__} has no vectors before its codes")
        vectors = quantized.vectors
        free = torch.rand(len(vectors), 1, 1, device=vectors.device) < self.share
        return quantized.having(vectors=torch.where(free, quantized.soft.to(vectors), vectors))
