"""Parts of a product kept from saying the same.

Bai et al. 2024 (FQGAN), arXiv:2411.16681.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, ClassVar

from tokenry.errors import PartError
from tokenry.neural.building import assemble
from tokenry.neural.parts import at_least

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import CodecSizes, Passed


@dataclass(frozen=True, kw_only=True)
class Disentanglement:
    """Mean squared cosine of the vectors that two parts of one token have.

    Attributes:
        weight: among the other objectives.
        parts: of the product.
    """

    weight: float = 0.1
    parts: int = 2

    name: ClassVar[str] = "disentanglement"

    def __post_init__(self) -> None:
        at_least(self, 0, "weight")
        at_least(self, 2, "parts")

    def build(self, sizes: CodecSizes) -> Assembled:
        """A module without weights."""
        if len(sizes.pieces) != self.parts or len(set(sizes.pieces)) != 1:
            raise PartError(f"disentanglement needs a product of {self.parts} parts of one size")
        return assemble(self)

    def forward(self, module: Assembled, passed: Passed) -> Tensor:
        """Over pairs of parts."""
        import torch
        from torch.nn.functional import cosine_similarity

        parts = passed.quantized.vectors.chunk(self.parts, -1)
        each = [cosine_similarity(a, b, dim=-1).square().mean() for a, b in combinations(parts, 2)]
        return torch.stack(each).mean()
