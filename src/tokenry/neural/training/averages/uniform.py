"""Uniform average: all weights of a training count alike.

Izmailov et al. 2018, arXiv:1803.05407.
"""

from __future__ import annotations

from dataclasses import dataclass

from tokenry.neural.parts import at_least


@dataclass(frozen=True, kw_only=True)
class Uniform:
    """The mean of the weights after each step.

    Attributes:
        after: steps that do not count.
    """

    after: int = 0

    def __post_init__(self) -> None:
        at_least(self, 0, "after")

    def share(self, step: int) -> float:
        """One over the number of steps that count."""
        return 1 / max(1, step - self.after)
