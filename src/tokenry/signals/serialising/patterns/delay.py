"""Each slot later than the one before, so that it may depend on it.

Copet et al. 2023, "Simple and Controllable Music Generation", arXiv:2306.05284.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tokenry.errors import SignalError
from tokenry.signals.serialising.contract import Places


@dataclass(frozen=True)
class Delay:
    """Slot q of token t at step ``t + by * q``.

    Attributes:
        by: steps between slots.
    """

    by: int = 1

    def __post_init__(self) -> None:
        if self.by < 0:
            raise SignalError(f"a delay by {self.by}; expected 0 or more")

    def steps(self, tokens: int, slots: int) -> Places:
        """As many steps more than tokens as the last slot is late; none of no tokens."""
        if not tokens:
            return np.zeros((0, slots), np.int64)
        count = tokens + self.by * (slots - 1)
        table = np.arange(count)[:, None] - self.by * np.arange(slots)
        return np.where((table >= 0) & (table < tokens), table, -1)

    def tokens(self, steps: int, slots: int) -> int:
        """Steps without those that the last slot is late."""
        found = steps - self.by * (slots - 1)
        if steps and found < 1:
            raise SignalError(
                f"{steps} steps for {slots} slots delayed by {self.by}; expected more than "
                f"{steps - found}"
            )
        return max(0, found)
