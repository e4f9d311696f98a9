"""Slot: latent vectors to codes and back; what is lost between them is lost for good.

Leaves quantize vectors; combinators (residual, product, ...) are bottlenecks made of bottlenecks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from torch import Tensor, nn

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import Grid, Quantized


class Bottleneck(Protocol):
    """A frozen dataclass; its module is called with latents and the share of training done."""

    @property
    def size(self) -> int:
        """Of the vectors that it takes."""

    @property
    def decoded_size(self) -> int:
        """Of the vectors that it gives."""

    @property
    def levels(self) -> tuple[int, ...]:
        """How many codes each slot of a token has."""

    def tokens(self, grid: Grid) -> int:
        """Tokens of latents of this grid; as many as places, but for scales."""

    def build(self, grid: Grid) -> nn.Module:
        """The module, for latents of this grid."""

    def forward(self, module: Assembled, latents: Tensor, done: float) -> Quantized:
        """Quantize latents, shape (batch, places, size)."""

    def vectors(self, module: Assembled, codes: Tensor, mask: Tensor | None = None) -> Tensor:
        """Vectors of codes, shape (batch, places, decoded_size): total, and exactly those of
        `forward` in eval mode.

        Args:
            module: of this part.
            codes: shape (batch, tokens, slots), each below its level.
            mask: which tokens are there, shape (batch, tokens); only where tokens are not places.
        """


@runtime_checkable
class HasRuns(Protocol):
    """A bottleneck whose tokens are runs, one for each depth or scale, not one a place."""

    def runs(self, grid: Grid) -> tuple[int, ...]:
        """Tokens of each run, in order; () where tokens are places after all."""

    def forward(self, module: Assembled, latents: Tensor, done: float) -> Quantized:
        """Quantize; ``depths`` of what it gives are the runs."""
