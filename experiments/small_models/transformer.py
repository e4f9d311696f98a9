"""A plain transformer: pre-normalised blocks, rotary positions, tied or free output rows.

Vaswani et al. 2017, arXiv:1706.03762; rotary positions: Su et al. 2021, arXiv:2104.09864.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Sizes of a model: about ``12 * layers * width**2`` parameters beside the rows of ids.

    Attributes:
        context: tokens that attention reaches over.
        tied: whether the rows of the output are those of the input.
        spread: standard deviation of the weights at the start. 0.02 suits text; a narrow model
            that adds learns sooner from 0.1: its positions tell apart what it reads from the
            first step.
    """

    width: int = 128
    layers: int = 3
    heads: int = 4
    context: int = 128
    tied: bool = True
    spread: float = 0.02


class Transformer(nn.Module):
    """Ids, shape (batch, length), to logits over ids, shape (batch, length, vocab_size).

    Args:
        vocab_size: ids.
        shape: sizes.
        causal: whether a position sees only those before it and itself.
    """

    def __init__(self, vocab_size: int, shape: Shape, *, causal: bool = True) -> None:
        super().__init__()
        self.shape = shape
        self.rows = nn.Embedding(vocab_size, shape.width)
        self.blocks = nn.ModuleList(Block(shape, causal) for _ in range(shape.layers))
        self.norm = nn.LayerNorm(shape.width)
        self.head = nn.Linear(shape.width, vocab_size, bias=False)
        self.apply(partial(_start, shape.spread))
        if shape.tied:
            self.head.weight = self.rows.weight

    def hidden(self, ids: Tensor, mask: Tensor | None = None) -> Tensor:
        """The last layer, shape (batch, length, width); ``mask`` is False at padding."""
        x = self.rows(ids)
        turns = rotations(ids.shape[1], self.shape.width // self.shape.heads, x.device)
        for block in self.blocks:
            x = block(x, turns, mask)
        normed: Tensor = self.norm(x)
        return normed

    def forward(self, ids: Tensor) -> Tensor:
        """Logits of what comes next."""
        logits: Tensor = self.head(self.hidden(ids))
        return logits


class Block(nn.Module):
    """Attention and a perceptron, each added to what comes in."""

    def __init__(self, shape: Shape, causal: bool) -> None:
        super().__init__()
        self.heads, self.causal = shape.heads, causal
        self.before_attention = nn.LayerNorm(shape.width)
        self.before_perceptron = nn.LayerNorm(shape.width)
        self.queries_keys_values = nn.Linear(shape.width, 3 * shape.width, bias=False)
        self.out = nn.Linear(shape.width, shape.width, bias=False)
        self.wide = nn.Linear(shape.width, 4 * shape.width)
        self.narrow = nn.Linear(4 * shape.width, shape.width)

    def forward(self, x: Tensor, turns: tuple[Tensor, Tensor], mask: Tensor | None) -> Tensor:
        """The same shape as ``x``, (batch, length, width)."""
        x = x + self.attend(self.before_attention(x), turns, mask)
        perceptron: Tensor = self.narrow(functional.gelu(self.wide(self.before_perceptron(x))))
        return x + perceptron

    def attend(self, x: Tensor, turns: tuple[Tensor, Tensor], mask: Tensor | None) -> Tensor:
        """Multi-head attention with rotary positions."""
        batch, length, width = x.shape
        parts = self.queries_keys_values(x).view(batch, length, 3, self.heads, -1)
        q, k, v = parts.permute(2, 0, 3, 1, 4)
        seen = None if mask is None else mask[:, None, None, :]
        mixed = functional.scaled_dot_product_attention(
            turn(q, turns), turn(k, turns), v, attn_mask=seen, is_causal=self.causal
        )
        joined: Tensor = self.out(mixed.transpose(1, 2).reshape(batch, length, width))
        return joined


def rotations(length: int, size: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Cosines and sines, each of shape (length, size / 2)."""
    speeds = 10_000.0 ** (-torch.arange(0, size, 2, device=device) / size)
    angles = torch.arange(length, device=device)[:, None] * speeds
    return angles.cos(), angles.sin()


def turn(x: Tensor, turns: tuple[Tensor, Tensor]) -> Tensor:
    """Rotate halves of the last dimension by position."""
    cos, sin = turns
    first, second = x.chunk(2, dim=-1)
    return torch.cat([first * cos - second * sin, first * sin + second * cos], dim=-1)


def _start(spread: float, module: nn.Module) -> None:
    if isinstance(module, nn.Linear | nn.Embedding):
        nn.init.normal_(module.weight, std=spread)
    if isinstance(module, nn.Linear) and module.bias is not None:
        nn.init.zeros_(module.bias)
