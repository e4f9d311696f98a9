"""Slot: how ids become vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import nn


class Embedding(Protocol):
    """A frozen dataclass."""

    @property
    def vocab_size(self) -> int:
        """Ids that it knows, from 0 on."""

    def build(self, width: int) -> nn.Module:
        """A module of ids, shape (batch, length), to vectors, shape (batch, length, width)."""
