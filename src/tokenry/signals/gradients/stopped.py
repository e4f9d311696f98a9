"""Stopped: no gradient passes, as where codes are learnt for features that stay as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.signals.distances import CodeDistance

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class StoppedGradient:
    """The decoder learns, the encoder does not."""

    def passed(
        self, vectors: Tensor, chosen: Tensor, codes: Tensor, rows: Tensor, distance: CodeDistance
    ) -> Tensor:
        """``chosen`` alone."""
        return chosen.detach()
