"""Slot: a network whose features others are held to: trained here on the same data, then kept.

Objectives read it through `tokenry.signals.features.Watched`: perceptual losses of decoded values,
distillation into latents and trunks. It is no part of the codec and not saved with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import Tensor, nn

    from tokenry.neural.assembled import Assembled


class Teacher(Protocol):
    """A frozen dataclass."""

    @property
    def share(self) -> float:
        """Of its own training in the whole budget; 0: it needs none."""

    def sizes(self, shape: tuple[int, ...]) -> tuple[tuple[str, int], ...]:
        """Taps by name, and the width of their vectors, shallow ones first."""

    def build(self, shape: tuple[int, ...]) -> nn.Module:
        """The module, for values of items of this shape."""

    def lesson(self, module: Assembled, values: Tensor) -> Tensor:
        """What it loses in its own training, a mean over the batch."""

    def features(self, module: Assembled, values: Tensor) -> dict[str, Tensor]:
        """Taps, each of shape (batch, places, width)."""
