"""Noise: vectors are shaken, so that what is near decodes alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.parts import at_least

if TYPE_CHECKING:
    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import Quantized


@dataclass(frozen=True, kw_only=True)
class LatentNoise:
    """Normal noise on every vector.

    Attributes:
        spread: its standard deviation, in units of that of the vectors of the batch.
    """

    spread: float = 0.1

    def __post_init__(self) -> None:
        at_least(self, 0, "spread")

    def perturbed(self, quantized: Quantized, bottleneck: Assembled, done: float) -> Quantized:
        """Vectors with noise; codes are those without."""
        import torch

        vectors = quantized.vectors
        unit = vectors.detach().std() * self.spread
        return quantized.having(vectors=vectors + unit * torch.randn_like(vectors))
