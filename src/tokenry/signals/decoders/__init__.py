"""Slot: latent vectors to values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from torch import Tensor, nn

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import Decoded, Grid


@dataclass(frozen=True)
class Given:
    """What a decoder is given.

    Attributes:
        latents: shape (batch, places, size); a learned vector where none is kept.
        grid: of the latents.
        shape: of an item's values.
        kept: which latents are of tokens that are kept, shape (batch, places); None: all, or tokens
            are no places.
        present: False where the decoder must not look, shape (batch, places); None: everywhere.
        conditions: vectors of what is told, shape (batch, places, width), or None.
        taps: what is told in other ways, by name, for the decoder's trunk.
        values: what the latents are of, in training; None: to be decoded.
        rows: vectors of the codes of the base, (codes, size), where it has any.
        done: share of the stage that is done.
        seed: of what is random in decoding.
    """

    latents: Tensor
    grid: Grid
    shape: tuple[int, ...]
    kept: Tensor | None = None
    present: Tensor | None = None
    conditions: Tensor | None = None
    taps: Mapping[str, Tensor] = field(default_factory=dict)
    values: Tensor | None = None
    rows: Tensor | None = None
    done: float = 0.0
    seed: int = 0


class SignalDecoder(Protocol):
    """A frozen dataclass; its module is called with what is `Given`."""

    @property
    def width(self) -> int:
        """Of the vectors of conditions that it takes."""

    def build(self, grid: Grid, size: int, shape: tuple[int, ...], conditions: int) -> nn.Module:
        """The module.

        Args:
            grid: of the latents.
            size: of a latent.
            shape: of an item's values.
            conditions: vectors of what is told.
        """

    def forward(self, module: Assembled, given: Given) -> Decoded:
        """Values, a function of what is given."""


@runtime_checkable
class HasSpots(Protocol):
    """A decoder whose trunk, ``trunk`` of its module, runs over places of known grids."""

    def spots(self, grid: Grid, shape: tuple[int, ...]) -> tuple[Grid, ...]:
        """Grids of what the trunk runs over first, in order; arguments as of `build`."""
