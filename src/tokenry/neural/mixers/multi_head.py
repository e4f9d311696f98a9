"""Multi-head attention.

Vaswani et al. 2017, arXiv:1706.03762; queries and keys normalised head by head: Dehghani et al.
2023, arXiv:2302.05442.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.mixers.attention import Heads, attend, attention_flops, projections
from tokenry.neural.norms import Norm
from tokenry.neural.parts import at_least

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled
    from tokenry.neural.layer import Layer


@dataclass(frozen=True, kw_only=True)
class MultiHead:
    """Each head has queries, keys and values of its own.

    Attributes:
        heads: they divide the width.
        bias: whether the four layers add one.
        norm: of the queries and keys of a head; None: they stay as they are.
    """

    heads: int = 4
    bias: bool = False
    norm: Norm | None = None

    def __post_init__(self) -> None:
        at_least(self, 1, "heads")

    def build(self, width: int) -> Assembled:
        """Layers ``queries``, ``keys``, ``values``, ``out``; norms ``query_norm``, ``key_norm``."""
        heads = self._heads(width)
        module = projections(self, heads, bias=self.bias, out_bias=self.bias)
        if self.norm is not None:
            module.query_norm = self.norm.build(heads.size)
            module.key_norm = self.norm.build(heads.size)
        return module

    def forward(self, module: Assembled, x: Tensor, layer: Layer) -> Tensor:
        """Attention from every place to those that it sees."""
        return attend(module, self._heads(x.shape[-1]), x, layer)

    def flops(self, width: int, queries: int, keys: int) -> int:
        """Four layers, scores and sums."""
        return attention_flops(self._heads(width), queries, keys)

    def _heads(self, width: int) -> Heads:
        return Heads.of(self, width, self.heads, self.heads, None)
