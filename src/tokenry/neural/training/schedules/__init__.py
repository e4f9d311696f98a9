"""Slot: how the rate of learning changes over a training."""

from __future__ import annotations

from typing import Protocol


class Schedule(Protocol):
    """A frozen dataclass."""

    def factor(self, share: float) -> float:
        """What the rate is multiplied by, from 0 to 1.

        Args:
            share: of the budget, the step at hand included: above 0, up to 1.
        """
