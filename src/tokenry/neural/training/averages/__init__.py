"""Slot: averages of the weights over steps, beside the weights themselves."""

from __future__ import annotations

from typing import Protocol


class Average(Protocol):
    """A frozen dataclass."""

    def share(self, step: int) -> float:
        """How much the weights after a step, counted from 1, count in the average."""
