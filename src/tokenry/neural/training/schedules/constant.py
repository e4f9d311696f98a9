"""Constant: one rate from start to end."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Constant:
    """No change."""

    def factor(self, share: float) -> float:
        """One."""
        return 1.0
