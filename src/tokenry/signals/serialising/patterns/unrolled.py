"""One code a step: token by token, slot by slot.

MusicGen's flattening (Copet et al. 2023, arXiv:2306.05284).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tokenry.errors import SignalError
from tokenry.signals.serialising.contract import Places


@dataclass(frozen=True)
class Unrolled:
    """Slot q of token t at step ``t * slots + q``."""

    def steps(self, tokens: int, slots: int) -> Places:
        """As many steps as codes."""
        table = np.full((tokens, slots, slots), -1, np.int64)
        slot = np.arange(slots)
        table[:, slot, slot] = np.arange(tokens)[:, None]
        return table.reshape(tokens * slots, slots)

    def tokens(self, steps: int, slots: int) -> int:
        """Steps by slots."""
        if steps % slots:
            raise SignalError(f"{steps} steps are no multiple of {slots} slots")
        return steps // slots
