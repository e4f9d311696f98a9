"""Slot: how a mixer, a feed-forward and norms are arranged in a layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import nn


class Block(Protocol):
    """A frozen dataclass."""

    def build(self, width: int) -> nn.Module:
        """A module of vectors and their `tokenry.neural.layer.Layer`, to as many vectors."""

    def build_last(self, width: int) -> nn.Module:
        """What stands after the last block: a norm, or nothing."""

    def flops(self, width: int, queries: int, keys: int) -> int:
        """Of its matrix products, for one sequence."""
