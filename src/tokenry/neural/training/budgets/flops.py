"""Floating-point operations: equal compute for models of different sizes."""

from __future__ import annotations

from dataclasses import dataclass

from tokenry.neural.parts import above
from tokenry.neural.training.spent import Spent


@dataclass(frozen=True)
class Flops:
    """A number of flops.

    Attributes:
        count: operations of matrix products, forward and backward.
    """

    count: float

    def __post_init__(self) -> None:
        above(self, 0, "count")

    def share(self, spent: Spent) -> float:
        """Of the flops."""
        return spent.flops / self.count
