"""All slots of a token at one step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tokenry.signals.serialising.contract import Places


@dataclass(frozen=True)
class ParallelSlots:
    """As many steps as tokens; in one stream, slot by slot of each token (token-major)."""

    def steps(self, tokens: int, slots: int) -> Places:
        """Token t at step t, for all slots."""
        return np.repeat(np.arange(tokens, dtype=np.int64)[:, None], slots, axis=1)

    def tokens(self, steps: int, slots: int) -> int:
        """As many."""
        return steps
