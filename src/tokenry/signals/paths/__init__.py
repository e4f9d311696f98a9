"""Slot: the way from noise to values, and what a network that follows it has to predict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import Tensor


class NoisePath(Protocol):
    """A frozen dataclass. Times are 0 at noise, 1 at values, and have the axes of the values."""

    def noised(self, clean: Tensor, noise: Tensor, time: Tensor) -> Tensor:
        """Where the way from this noise to these values is at a time."""

    def wanted(self, clean: Tensor, noise: Tensor, time: Tensor) -> Tensor:
        """What is to be predicted there."""

    def clean(self, noised: Tensor, predicted: Tensor, time: Tensor) -> Tensor:
        """Values at the end of a way with this prediction."""

    def noise(self, noised: Tensor, predicted: Tensor, time: Tensor) -> Tensor:
        """Noise at its beginning."""
