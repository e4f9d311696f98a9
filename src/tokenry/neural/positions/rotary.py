"""Rotary positions: queries and keys are rotated, so that scores depend on distances alone.

Su et al. 2021, arXiv:2104.09864.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble
from tokenry.neural.parts import at_least

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class Rotary:
    """Pair ``i`` of a head turns by ``position * base ** (-2 i / head_size)``.

    Angles are in float32, and in float64 where positions are given as float64.

    Attributes:
        base: the larger, the slower the slowest pairs turn: 10,000 as published, more for longer
            contexts.
    """

    base: float = 10_000.0

    movable = True

    def __post_init__(self) -> None:
        at_least(self, 1, "base")

    def build(self, width: int) -> Assembled:
        """A module that leaves vectors as they are."""
        return assemble(self)

    def forward(self, module: Assembled, x: Tensor, at: Tensor) -> Tensor:
        """``x`` as it is."""
        return x

    def turns(self, at: Tensor, head_size: int) -> tuple[Tensor, Tensor]:
        """Cosines and sines of the angles."""
        import torch

        if head_size % 2:
            raise PartError(f"Rotary needs heads of an even size, not {head_size}")
        dtype = torch.float64 if at.dtype == torch.float64 else torch.float32
        steps = torch.arange(0, head_size, 2, device=at.device, dtype=dtype) / head_size
        angles = at.to(dtype)[..., None] * self.base**-steps
        return angles.cos(), angles.sin()
