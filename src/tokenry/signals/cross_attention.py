"""Vectors that read others."""

from __future__ import annotations

from math import gcd

import torch
from torch import Tensor, nn
from torch.nn import functional


class CrossAttention(nn.Module):
    """What queries read of others is added to them through a gate for each value.

    Args:
        width: of the queries.
        other: of what they read.
        heads: at most; so many as divide the width.
        gate: at the start; 0 leaves queries as they are.
    """

    def __init__(self, width: int, other: int, heads: int, gate: float = 0.0) -> None:
        super().__init__()
        self.heads = gcd(width, heads)
        self.query_norm, self.other_norm = nn.LayerNorm(width), nn.LayerNorm(other)
        self.query, self.keys = nn.Linear(width, width), nn.Linear(other, 2 * width)
        self.out = nn.Linear(width, width)
        self.gate = nn.Parameter(torch.full((width,), gate))

    def forward(self, x: Tensor, others: Tensor, mask: Tensor | None = None) -> Tensor:
        """Shape of ``x``.

        Args:
            x: queries, (batch, places, width).
            others: (batch, other places, other width).
            mask: what each query sees, (places, other places); None: all.
        """
        query = self._split(self.query(self.query_norm(x)))
        keys, values = map(self._split, self.keys(self.other_norm(others)).chunk(2, -1))
        read = functional.scaled_dot_product_attention(query, keys, values, attn_mask=mask)
        merged = read.transpose(1, 2).flatten(2)
        added: Tensor = x + self.gate * self.out(merged)
        return added

    def _split(self, x: Tensor) -> Tensor:
        return x.reshape(*x.shape[:2], self.heads, -1).transpose(1, 2)
