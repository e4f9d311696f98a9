"""Cosine: vectors and rows are brought to length one, and decoded so.

Yu et al. 2022 (ViT-VQGAN), arXiv:2110.04627.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class CosineDistance:
    """The nearest row has the smallest angle."""

    def prepared(self, vectors: Tensor) -> Tensor:
        """At length one."""
        from torch.nn import functional

        return functional.normalize(vectors, dim=-1)

    def bias(self, rows: Tensor) -> Tensor:
        """None: all rows are as long."""
        return rows.new_zeros(len(rows))
