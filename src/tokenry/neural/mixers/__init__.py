"""Slot: how vectors of different places are mixed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import nn


class Mixer(Protocol):
    """A frozen dataclass."""

    def build(self, width: int) -> nn.Module:
        """A module of vectors and their `tokenry.neural.layer.Layer`, to as many vectors."""

    def flops(self, width: int, queries: int, keys: int) -> int:
        """Of its matrix products, for one sequence; masked scores count like the others."""
