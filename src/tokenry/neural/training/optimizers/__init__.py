"""Slot: how weights follow gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import nn, optim


class Optimizer(Protocol):
    """A frozen dataclass."""

    def build(self, parameters: Sequence[tuple[str, nn.Parameter]]) -> optim.Optimizer:
        """torch's optimizer of these; each group has its full rate as ``initial_lr``."""
