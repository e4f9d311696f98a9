"""Slot: what weights are before the first step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import nn


class Initialiser(Protocol):
    """A frozen dataclass."""

    def fill(self, model: nn.Module) -> None:
        """Set the weights in place, with torch's generator; norms keep ones and zeros."""
