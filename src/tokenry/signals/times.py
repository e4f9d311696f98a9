"""Times between 0 and 1 as vectors."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from torch import Tensor

TIMES: Final = 64
"""Sines and cosines of a time."""


def waves(time: Tensor) -> Tensor:
    """Sines and cosines of times from 0 to 1, on a new last axis of `TIMES`."""
    import torch

    rates = torch.exp(
        -math.log(1000.0) * torch.arange(TIMES // 2, device=time.device) / (TIMES / 2)
    )
    angles = 1000.0 * time[..., None].float() * rates
    return torch.cat([angles.sin(), angles.cos()], -1)


def time_layers(nn: Any, width: int) -> Any:
    """From `waves` to vectors of a width."""
    return nn.Sequential(nn.Linear(TIMES, width), nn.SiLU(), nn.Linear(width, width))
