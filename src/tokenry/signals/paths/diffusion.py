"""Diffusion of one variance: a quarter of a circle from noise to values.

Velocities along it: Salimans & Ho 2022, arXiv:2202.00512; steps without fresh noise: DDIM (Song et
al. 2020, arXiv:2010.02502).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class DiffusionPath:
    """A step of a sampler is that of DDIM."""

    def noised(self, clean: Tensor, noise: Tensor, time: Tensor) -> Tensor:
        """Sine of values, cosine of noise."""
        angle = time * (pi / 2)
        return angle.sin() * clean + angle.cos() * noise

    def wanted(self, clean: Tensor, noise: Tensor, time: Tensor) -> Tensor:
        """The velocity by angle, turned so that it points to noise."""
        angle = time * (pi / 2)
        return angle.sin() * noise - angle.cos() * clean

    def clean(self, noised: Tensor, predicted: Tensor, time: Tensor) -> Tensor:
        """Turned to the values."""
        angle = time * (pi / 2)
        return angle.sin() * noised - angle.cos() * predicted

    def noise(self, noised: Tensor, predicted: Tensor, time: Tensor) -> Tensor:
        """Turned to the noise."""
        angle = time * (pi / 2)
        return angle.cos() * noised + angle.sin() * predicted
