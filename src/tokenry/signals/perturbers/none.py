"""No perturbation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import Quantized


@dataclass(frozen=True)
class NoPerturber:
    """Codes stay as they are."""

    def perturbed(self, quantized: Quantized, bottleneck: Assembled, done: float) -> Quantized:
        """The same."""
        return quantized
