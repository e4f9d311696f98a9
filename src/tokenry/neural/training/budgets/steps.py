"""Steps of the optimizer: the only budget whose end and schedule are the same on every machine."""

from __future__ import annotations

from dataclasses import dataclass

from tokenry.neural.parts import above
from tokenry.neural.training.spent import Spent


@dataclass(frozen=True)
class Steps:
    """A number of steps.

    Attributes:
        count: steps of the optimizer.
    """

    count: int

    def __post_init__(self) -> None:
        above(self, 0, "count")

    def share(self, spent: Spent) -> float:
        """Of the steps."""
        return spent.steps / self.count
