"""Slot: what a codec is trained towards; a training has a list of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

if TYPE_CHECKING:
    from torch import Tensor, nn

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import CodecSizes, Passed


class Objective(Protocol):
    """A frozen dataclass; what its module gives is a mean over the batch."""

    name: ClassVar[str]
    """In the log."""

    @property
    def weight(self) -> float:
        """Of its loss among the others."""

    def build(self, sizes: CodecSizes) -> nn.Module:
        """The module; its weights learn with the codec and are not saved with it."""

    def forward(self, module: Assembled, passed: Passed) -> Tensor:
        """The loss, not yet weighed."""


@runtime_checkable
class HasCritic(Protocol):
    """An objective that trains a critic (modules ``critic``) in a phase of its own."""

    def critic_loss(self, module: Assembled, passed: Passed) -> Tensor:
        """What the critic lost."""

    def forward(self, module: Assembled, passed: Passed) -> Tensor:
        """What the codec lost to it."""
