"""Slot: what is read off the last vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import nn


class Head(Protocol):
    """A frozen dataclass."""

    def build(self, width: int, vocab_size: int) -> nn.Module:
        """A module of ``(hidden, embedding, present)``.

        ``hidden`` are the last vectors, (batch, length, width); ``embedding`` is the module of the
        embedding; ``present`` is False at padding, shape (batch, length), or None.
        """

    def flops(self, width: int, vocab_size: int, length: int) -> int:
        """Of its matrix products, for one sequence."""
