"""Patches: blocks that touch and do not overlap; in time and space they are tubelets.

Dosovitskiy et al. 2021, arXiv:2010.11929; tubelets: Arnab et al. 2021, arXiv:2103.15691.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble
from tokenry.signals.features import Features, Grid

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class Patch:
    """Cut exactly, join exactly; a vector is a block's values, channels last.

    Attributes:
        sizes: of a block along the axes behind the channels; one number for all of them.
    """

    sizes: tuple[int, ...] = (4,)

    def __post_init__(self) -> None:
        if not self.sizes or min(self.sizes) < 1:
            raise PartError(f"sizes of Patch are {self.sizes}, expected 1 or more each")

    def grid(self, shape: tuple[int, ...]) -> Grid:
        """Blocks along each axis."""
        blocks = self._blocks(shape)
        return tuple(axis // block for axis, block in zip(shape[1:], blocks, strict=True))

    def width(self, shape: tuple[int, ...]) -> int:
        """Values of a block, all channels."""
        return shape[0] * prod(self._blocks(shape))

    def build(self, shape: tuple[int, ...]) -> Assembled:
        """A module without weights."""
        self.grid(shape)
        return assemble(self)

    def forward(self, module: Assembled, values: Tensor) -> Features:
        """Blocks, shape (batch, places, width)."""
        shape = tuple(values.shape[1:])
        grid, blocks = self.grid(shape), self._blocks(shape)
        axes = len(grid)
        split = [each for pair in zip(grid, blocks, strict=True) for each in pair]
        x = values.reshape(values.shape[0], shape[0], *split)
        outer, inner = range(2, 2 + 2 * axes, 2), range(3, 3 + 2 * axes, 2)
        x = x.permute(0, *outer, *inner, 1)
        return Features(x.reshape(values.shape[0], prod(grid), self.width(shape)), grid)

    def join(self, vectors: Tensor, shape: tuple[int, ...]) -> Tensor:
        """Values of blocks."""
        grid, blocks = self.grid(shape), self._blocks(shape)
        axes = len(grid)
        x = vectors.reshape(vectors.shape[0], *grid, *blocks, shape[0])
        order = [each for axis in range(axes) for each in (1 + axis, 1 + axes + axis)]
        x = x.permute(0, 1 + 2 * axes, *order)
        return x.reshape(vectors.shape[0], *shape)

    def _blocks(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        axes = len(shape) - 1
        blocks = self.sizes * axes if len(self.sizes) == 1 else self.sizes
        if len(blocks) != axes or any(a % b for a, b in zip(shape[1:], blocks, strict=True)):
            raise PartError(f"items of shape {shape} cannot be cut into blocks of {self.sizes}")
        return blocks
