"""Grouped-query attention: several heads of queries share one of keys and values.

Ainslie et al. 2023, arXiv:2305.13245.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.mixers.attention import Heads, attend, attention_flops, projections
from tokenry.neural.parts import at_least

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled
    from tokenry.neural.layer import Layer


@dataclass(frozen=True, kw_only=True)
class GroupedQuery:
    """The cache is smaller by ``heads / groups``.

    Attributes:
        heads: of queries.
        groups: heads of keys and values; they divide ``heads``, and one is multi-query attention.
        head_size: None: the width divided by ``heads``.
        bias: whether the layers of queries, keys and values add one.
    """

    heads: int = 4
    groups: int = 1
    head_size: int | None = None
    bias: bool = False

    def __post_init__(self) -> None:
        at_least(self, 1, "heads", "groups", "head_size")

    def build(self, width: int) -> Assembled:
        """Layers ``queries``, ``keys``, ``values`` and ``out``."""
        return projections(self, self._heads(width), bias=self.bias, out_bias=False)

    def forward(self, module: Assembled, x: Tensor, layer: Layer) -> Tensor:
        """Attention from every place to those that it sees."""
        return attend(module, self._heads(x.shape[-1]), x, layer)

    def flops(self, width: int, queries: int, keys: int) -> int:
        """Four layers, scores and sums."""
        return attention_flops(self._heads(width), queries, keys)

    def _heads(self, width: int) -> Heads:
        return Heads.of(self, width, self.heads, self.groups, self.head_size)
