"""The first slots of all tokens, then the others of all: coarse, then fine.

Borsos et al. 2022, "AudioLM", arXiv:2209.03143.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tokenry.errors import SignalError
from tokenry.signals.serialising.contract import Places


@dataclass(frozen=True)
class CoarseFirst:
    """Groups of slots, each over all tokens before the next.

    Attributes:
        groups: slots of each group; together all slots.
    """

    groups: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.groups or min(self.groups) < 1:
            raise SignalError(f"groups {self.groups}; expected one or more slots in each")

    def steps(self, tokens: int, slots: int) -> Places:
        """As many steps as tokens for each group."""
        self._check(slots)
        table = np.full((len(self.groups), tokens, slots), -1, np.int64)
        start = 0
        for number, size in enumerate(self.groups):
            table[number, :, start : start + size] = np.arange(tokens)[:, None]
            start += size
        return table.reshape(-1, slots)

    def tokens(self, steps: int, slots: int) -> int:
        """Steps by groups."""
        self._check(slots)
        if steps % len(self.groups):
            raise SignalError(f"{steps} steps are no multiple of {len(self.groups)} groups")
        return steps // len(self.groups)

    def _check(self, slots: int) -> None:
        if sum(self.groups) != slots:
            raise SignalError(f"groups {self.groups} for {slots} slots; expected {slots} in all")


@dataclass(frozen=True)
class DepthMajor:
    """Each slot over all tokens before the next slot."""

    def steps(self, tokens: int, slots: int) -> Places:
        """As many steps as codes."""
        return CoarseFirst((1,) * slots).steps(tokens, slots)

    def tokens(self, steps: int, slots: int) -> int:
        """Steps by slots."""
        return CoarseFirst((1,) * slots).tokens(steps, slots)
