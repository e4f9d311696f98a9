"""Rotations of queries and keys by pairs of dimensions, as Llama lays them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

Turns = tuple["Tensor", "Tensor"]


def rotate(heads: Tensor, turns: Turns | None) -> Tensor:
    """Rotate dimension ``i`` with dimension ``i + head_size / 2``.

    Args:
        heads: shape (batch, heads, length, head_size).
        turns: cosines and sines, each (batch, length, head_size / 2); None changes nothing.
    """
    if turns is None:
        return heads
    import torch

    cos, sin = (each[:, None].to(heads.dtype) for each in turns)
    first, second = heads.chunk(2, dim=-1)
    return torch.cat([first * cos - second * sin, second * cos + first * sin], dim=-1)
