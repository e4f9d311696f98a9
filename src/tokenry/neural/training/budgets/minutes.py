"""Minutes of wall time; what is reached depends on the machine, and so do the weights."""

from __future__ import annotations

from dataclasses import dataclass

from tokenry.neural.parts import above
from tokenry.neural.training.spent import Spent


@dataclass(frozen=True)
class Minutes:
    """A number of minutes.

    Attributes:
        count: minutes.
    """

    count: float

    def __post_init__(self) -> None:
        above(self, 0, "count")

    def share(self, spent: Spent) -> float:
        """Of the minutes."""
        return spent.seconds / 60 / self.count
