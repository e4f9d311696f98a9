"""Slot: what is predicted of noised values, told by latents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import Tensor, nn

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.decoders import Given
    from tokenry.signals.features import Grid


class NoisePredictor(Protocol):
    """A frozen dataclass; latents are read once, noised values once a step."""

    @property
    def width(self) -> int:
        """Of the vectors of conditions that it takes."""

    def build(self, grid: Grid, size: int, shape: tuple[int, ...], conditions: int) -> nn.Module:
        """The module; arguments as of `tokenry.signals.decoders.SignalDecoder.build`."""

    def read(self, module: Assembled, given: Given) -> Tensor:
        """What is the same at each step."""

    def forward(
        self, module: Assembled, read: Tensor, given: Given, noised: Tensor, time: Tensor
    ) -> tuple[Tensor, Tensor]:
        """A prediction for each value, and vectors of patches that it was made of.

        Args:
            module: of this part.
            read: what `read` gave.
            given: as for `read`.
            noised: shape (batch, \\*shape).
            time: shape (batch,).
        """
