"""Slot: what is done to each vector by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import nn


class FeedForward(Protocol):
    """A frozen dataclass."""

    def build(self, width: int) -> nn.Module:
        """A module of vectors, to vectors of the same width."""

    def flops(self, width: int) -> int:
        """Of its matrix products, for one vector; two for a product and its sum."""
