"""First: whichever of several budgets ends first."""

from __future__ import annotations

from dataclasses import dataclass

from tokenry.errors import PartError
from tokenry.neural.training.budgets import Budget
from tokenry.neural.training.spent import Spent


@dataclass(frozen=True)
class First:
    """Steps, but no longer than an hour.

    Attributes:
        budgets: one or more.
    """

    budgets: tuple[Budget, ...]

    def __post_init__(self) -> None:
        if not self.budgets:
            raise PartError("First needs at least one budget")

    def share(self, spent: Spent) -> float:
        """The largest share."""
        return max(budget.share(spent) for budget in self.budgets)
