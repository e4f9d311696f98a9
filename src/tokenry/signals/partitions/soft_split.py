"""Soft split: blocks that overlap, so that an edge between two lies within a third.

Yuan et al. 2021, "Tokens-to-Token ViT: Training Vision Transformers from Scratch on ImageNet",
arXiv:2101.11986.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble
from tokenry.neural.parts import at_least
from tokenry.signals.features import Features, Grid

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class SoftSplit:
    """Squares of images; a vector is a square's values, channels first. It cannot be undone.

    Attributes:
        kernel: pixels of a side.
        stride: from one square to the next.
    """

    kernel: int = 7
    stride: int = 4

    def __post_init__(self) -> None:
        at_least(self, 1, "kernel", "stride")
        if self.stride > self.kernel:
            raise PartError(f"{self} leaves pixels out; expected a kernel of {self.stride} or more")

    @property
    def padding(self) -> int:
        """Zeros on each side."""
        return (self.kernel - self.stride + 1) // 2

    def grid(self, shape: tuple[int, ...]) -> Grid:
        """Squares down and across."""
        if len(shape) != 3:
            raise PartError(f"SoftSplit cuts images; these items are of shape {shape}")
        sides = [(side + 2 * self.padding - self.kernel) // self.stride + 1 for side in shape[1:]]
        if min(sides) < 1:
            raise PartError(f"items of shape {shape} are smaller than squares of {self.kernel}")
        return tuple(sides)

    def width(self, shape: tuple[int, ...]) -> int:
        """Values of a square."""
        return shape[0] * self.kernel**2

    def build(self, shape: tuple[int, ...]) -> Assembled:
        """A module without weights."""
        self.grid(shape)
        return assemble(self)

    def forward(self, module: Assembled, values: Tensor) -> Features:
        """Squares, shape (batch, places, width)."""
        from torch.nn import functional

        cut = functional.unfold(
            values, self.kernel, padding=self.padding, stride=self.stride
        ).transpose(1, 2)
        grid = self.grid(tuple(values.shape[1:]))
        assert cut.shape[1] == prod(grid)
        return Features(cut, grid)
