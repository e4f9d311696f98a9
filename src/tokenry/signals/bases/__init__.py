"""Slot: an autoencoder below a codec, which is trained first and then kept as it is.

The codec's decoder gives its latents, not values. So a tokenizer of few tokens need not learn how
pixels look (TiTok's proxy codes, FlexTok, KARL).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from torch import Tensor, nn

    from tokenry.neural.assembled import Assembled

Sees = Literal["values", "latents", "both"]
"""What the codec's encoder reads: values, the base's latents, or values cut to places of the
latents beside them."""


@dataclass(frozen=True)
class Based:
    """What a base makes of values.

    Attributes:
        latents: shape (batch, size, height, width).
        codes: of each place, (batch, places), where the base has a codebook.
        rows: vectors of all codes, (codes, size), where it has.
        values: what the base decodes its latents to, while it is trained itself.
        losses: of its bottleneck, while it is trained.
    """

    latents: Tensor
    codes: Tensor | None = None
    rows: Tensor | None = None
    values: Tensor | None = None
    losses: Mapping[str, Tensor] = field(default_factory=dict)


class Base(Protocol):
    """A frozen dataclass."""

    def shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Of the latents of items of this shape."""

    def seen(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Of what the codec's encoder reads."""

    def build(self, shape: tuple[int, ...]) -> nn.Module:
        """The module; called with values it gives what is `Based` on them."""

    def forward(self, module: Assembled, values: Tensor) -> Based:
        """Latents of values."""

    def see(self, module: Assembled, values: Tensor, based: Based) -> Tensor:
        """What the codec's encoder reads."""

    def rows(self, module: Assembled) -> Tensor | None:
        """Vectors of all its codes."""

    def values(self, module: Assembled, latents: Tensor) -> Tensor:
        """Values of latents."""
