"""A straight way at one speed, which is what is predicted: rectified flow.

Liu et al. 2022, arXiv:2209.03003; Lipman et al. 2022, arXiv:2210.02747.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class StraightPath:
    """A step of a sampler is Euler's."""

    def noised(self, clean: Tensor, noise: Tensor, time: Tensor) -> Tensor:
        """A mixture."""
        return (1 - time) * noise + time * clean

    def wanted(self, clean: Tensor, noise: Tensor, time: Tensor) -> Tensor:
        """The velocity."""
        return clean - noise

    def clean(self, noised: Tensor, predicted: Tensor, time: Tensor) -> Tensor:
        """All the way on."""
        return noised + (1 - time) * predicted

    def noise(self, noised: Tensor, predicted: Tensor, time: Tensor) -> Tensor:
        """All the way back."""
        return noised - time * predicted
