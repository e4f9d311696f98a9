"""Slot: how the place of a token is told to the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import Tensor, nn


class KeyRotation(Protocol):
    """How the keys of a cache carry the positions that they were computed at.

    ``at`` are positions, shape (batch, length): integers, or float64 for angles in float64.
    """

    @property
    def movable(self) -> bool:
        """Whether cached keys can be given other positions without computing them anew."""

    def turns(self, at: Tensor, head_size: int) -> tuple[Tensor, Tensor] | None:
        """Cosines and sines by which queries and keys are rotated, or None where they are not.

        Each has the shape (batch, length, head_size / 2); float64 where ``at`` is.
        """


class Positions(KeyRotation, Protocol):
    """A frozen dataclass: what a model adds to its vectors, and how its keys are rotated."""

    def build(self, width: int) -> nn.Module:
        """A module of ``(x, at)`` that adds to vectors, shape (batch, length, width)."""
