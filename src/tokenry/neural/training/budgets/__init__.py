"""Slot: when a training ends."""

from __future__ import annotations

from typing import Protocol

from tokenry.neural.training.spent import Spent


class Budget(Protocol):
    """A frozen dataclass."""

    def share(self, spent: Spent) -> float:
        """The share that is spent: 0 at the start, 1 or more at the end.

        Raises:
            PartError: what it counts is not known.
        """
