"""Finite scalar quantization: each dimension is rounded to a few levels; there is no codebook.

Mentzer et al. 2023, arXiv:2309.15505.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.neural.building import assemble
from tokenry.signals.bottlenecks.digits import checked, code_of, digits_of
from tokenry.signals.bottlenecks.straight import with_gradient_of
from tokenry.signals.features import Grid, Quantized

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class Fsq:
    """One code a token, which is its digits as one integer.

    Attributes:
        digits: levels of each dimension.
        slack: by how much more than its levels a dimension may reach before it saturates.
    """

    digits: tuple[int, ...] = (8, 5, 5, 5)
    slack: float = 1e-3

    def __post_init__(self) -> None:
        checked(self.digits, self)

    @classmethod
    def of_codes(cls, codes: int) -> Fsq:
        """Digits of 8, 4 and 2 levels whose product is a power of two, as ``codes`` has to be."""
        bits = codes.bit_length() - 1
        if 2**bits != codes or bits < 1:
            raise PartError(f"{codes} codes; expected a power of two, of 2 or more")
        return cls(digits=(8,) * (bits // 3) + ((2 ** (bits % 3),) if bits % 3 else ()))

    @property
    def size(self) -> int:
        """A dimension a digit."""
        return len(self.digits)

    @property
    def decoded_size(self) -> int:
        """The same."""
        return len(self.digits)

    @property
    def levels(self) -> tuple[int, ...]:
        """One slot of all combinations."""
        return (math.prod(self.digits),)

    def tokens(self, grid: Grid) -> int:
        """One a place."""
        return math.prod(grid)

    def build(self, grid: Grid = ()) -> Assembled:
        """A module without weights."""
        return assemble(self)

    def forward(self, module: Assembled, latents: Tensor, done: float) -> Quantized:
        """Bound, round, and pass the gradient of what was bounded."""
        bounded = self._bounded(latents.float())
        digits = self._digits(bounded)
        soft = bounded / self._halves(bounded)
        values = with_gradient_of(self._values(digits), soft).to(latents.dtype)
        return Quantized(values, code_of(digits, self.digits)[..., None], soft=soft)

    def vectors(self, module: Assembled, codes: Tensor, mask: Tensor | None = None) -> Tensor:
        """Values from -1 to 1 of the digits of codes."""
        return self._values(digits_of(codes[..., 0], self.digits))

    def _bounded(self, latents: Tensor) -> Tensor:
        """Dimensions as they are rounded, even numbers of levels half a level lower."""
        reach = [(each - 1) * (1 + self.slack) / 2 for each in self.digits]
        down = [0.5 if each % 2 == 0 else 0.0 for each in self.digits]
        turn = [math.atanh(d / r) if d else 0.0 for d, r in zip(down, reach, strict=True)]
        shift, width, lower = (latents.new_tensor(each) for each in (turn, reach, down))
        return (latents + shift).tanh() * width - lower

    def _halves(self, like: Tensor) -> Tensor:
        return like.new_tensor([max(1, each // 2) for each in self.digits])

    def _digits(self, bounded: Tensor) -> Tensor:
        import torch

        half = torch.tensor([each // 2 for each in self.digits], device=bounded.device)
        most = torch.tensor(self.digits, device=bounded.device) - 1
        return (bounded.detach().round().long() + half).clamp(min=half * 0).minimum(most)

    def _values(self, digits: Tensor) -> Tensor:
        import torch

        half = torch.tensor([each // 2 for each in self.digits], device=digits.device)
        return (digits - half).float() / half.clamp(min=1)
