"""Exponential moving average.

Polyak & Juditsky 1992; with a short memory at first, as usual for generators (Yazici et al. 2019,
arXiv:1806.04498).
"""

from __future__ import annotations

from dataclasses import dataclass

from tokenry.errors import PartError


@dataclass(frozen=True, kw_only=True)
class Ema:
    """Each step the average moves a little towards the weights.

    Attributes:
        decay: how much of the average is kept; less in the first steps, so that the weights at the
            start do not linger.
    """

    decay: float = 0.999

    def __post_init__(self) -> None:
        if not 0 <= self.decay < 1:
            raise PartError(f"decay of Ema is {self.decay}, expected 0 to below 1")

    def share(self, step: int) -> float:
        """``1 - decay``, and more at first."""
        return 1 - min(self.decay, step / (step + 9))
