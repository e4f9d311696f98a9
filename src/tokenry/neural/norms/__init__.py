"""Slot: how vectors are brought to one scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import nn


class Norm(Protocol):
    """A frozen dataclass."""

    def build(self, width: int) -> nn.Module:
        """A module over the last dimension, of size ``width``."""
