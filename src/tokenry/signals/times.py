"""Times between 0 and 1 as vectors."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from torch import Tensor

TIMES: Final = 64
"""Sines and cosines of a time."""


def waves(
    time: Tensor, count: int = TIMES, *, fastest: float = 1000.0, spread: float = 1000.0
) -> Tensor:
    """Sines and cosines of times from 0 to 1, on a new last axis.

    Args:
        time: of any shape.
        count: of sines and cosines together.
        fastest: radians of the first wave.
        spread: by how much the last would be slower, were there one more.
    """
    import torch

    half = torch.arange(count // 2, device=time.device)
    rates = torch.exp(-math.log(spread) * half / (count / 2))
    angles = fastest * time[..., None].float() * rates
    return torch.cat([angles.sin(), angles.cos()], -1)


def time_layers(nn: Any, width: int, count: int = TIMES) -> Any:
    """From `waves` to vectors of a width."""
    return nn.Sequential(nn.Linear(count, width), nn.SiLU(), nn.Linear(width, width))
