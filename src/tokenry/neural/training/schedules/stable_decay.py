"""Stable, then decay: after a warm-up the WSD schedule.

Hu et al. 2024 (MiniCPM), arXiv:2404.06395; a straight decay to zero: Hagele et al. 2024,
arXiv:2405.18392. A training can go on from before the decay with a larger budget.
"""

from __future__ import annotations

from dataclasses import dataclass

from tokenry.errors import PartError


@dataclass(frozen=True, kw_only=True)
class StableDecay:
    """The full rate, then a straight line down; `Warmup` before it makes it WSD.

    Attributes:
        decay: share of the budget that the line takes.
        end: share of the rate at the end.
    """

    decay: float = 0.2
    end: float = 0.0

    def __post_init__(self) -> None:
        if not (0 < self.decay <= 1 and 0 <= self.end <= 1):
            raise PartError(f"{self}: expected a decay above 0 up to 1, an end from 0 to 1")

    def factor(self, share: float) -> float:
        """The line.

        >>> [round(StableDecay(decay=0.5).factor(share), 3) for share in (0.25, 0.5, 0.75, 1)]
        [1.0, 1.0, 0.5, 0.0]
        """
        left = min(1.0, max(0.0, 1 - share) / self.decay)
        return self.end + (1 - self.end) * left
