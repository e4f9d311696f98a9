"""Linear warm-up, then another schedule over the rest.

Goyal et al. 2017, arXiv:1706.02677.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tokenry.errors import PartError
from tokenry.neural.training.schedules import Schedule
from tokenry.neural.training.schedules.constant import Constant


@dataclass(frozen=True, kw_only=True)
class Warmup:
    """From nothing to the full rate, in a straight line.

    Attributes:
        share: of the budget that the line takes.
        then: what follows; its shares count from the end of the line.
    """

    share: float = 0.05
    then: Schedule = field(default_factory=Constant)

    def __post_init__(self) -> None:
        if not 0 <= self.share < 1:
            raise PartError(f"share of Warmup is {self.share}, expected 0 to below 1")

    def factor(self, share: float) -> float:
        """The line, then what follows.

        >>> [Warmup(share=0.1).factor(share) for share in (0.05, 0.1, 0.5)]
        [0.5, 1.0, 1.0]
        """
        if share < self.share:
            return share / self.share * self.then.factor(0.0)
        return self.then.factor((share - self.share) / (1 - self.share))
