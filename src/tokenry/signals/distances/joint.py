"""Two codebooks with one index: the angle of one half of the vector and that of the other, weighed.

Qu et al. 2024 (TokenFlow), arXiv:2412.03069: a semantic half and a pixel half choose together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.parts import above, at_least

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, kw_only=True)
class JointCosine:
    """The first dimensions are one vector, the others a second; each is brought to a length.

    Attributes:
        first: dimensions of the first.
        weight: of the second's squared distance; its length is the root of this.
    """

    first: int = 8
    weight: float = 1.0

    def __post_init__(self) -> None:
        at_least(self, 1, "first")
        above(self, 0, "weight")

    def prepared(self, vectors: Tensor) -> Tensor:
        """Halves at lengths one and the root of the weight."""
        import torch
        from torch.nn import functional

        one, other = vectors[..., : self.first], vectors[..., self.first :]
        scaled = functional.normalize(other, dim=-1) * self.weight**0.5
        return torch.cat([functional.normalize(one, dim=-1), scaled], -1)

    def bias(self, rows: Tensor) -> Tensor:
        """None: all rows are as long."""
        return rows.new_zeros(len(rows))
