"""Slot: what is done to codes in training, so that a decoder bears what generators get wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import Quantized


class Perturber(Protocol):
    """A frozen dataclass without weights; it is never asked in eval mode."""

    def perturbed(self, quantized: Quantized, bottleneck: Assembled, done: float) -> Quantized:
        """Other vectors of the same shape, and their codes.

        Args:
            quantized: by the bottleneck.
            bottleneck: its module, which gives vectors of other codes.
            done: share of the stage.
        """
