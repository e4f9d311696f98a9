"""No base: the codec's latents are the only ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble
from tokenry.signals.bases import Based

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True)
class NoBase:
    """Values are its latents."""

    def shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The same."""
        return shape

    def seen(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The same."""
        return shape

    def build(self, shape: tuple[int, ...]) -> Assembled:
        """A module without weights."""
        return assemble(self)

    def forward(self, module: Assembled, values: Tensor) -> Based:
        """The values."""
        return Based(values)

    def see(self, module: Assembled, values: Tensor, based: Based) -> Tensor:
        """The values."""
        return values

    def rows(self, module: Assembled) -> Tensor | None:
        """None."""
        return None

    def values(self, module: Assembled, latents: Tensor) -> Tensor:
        """The same."""
        return latents
