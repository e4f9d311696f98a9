"""How much each row of a codebook is used, remembered over batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tokenry.errors import PartError
from tokenry.signals.updates.together import summed

if TYPE_CHECKING:
    from torch import Tensor


def check_decay(part: Any) -> None:
    """Refuse a part whose ``decay`` is no share of what is remembered.

    Raises:
        PartError: it is below 0, or 1 or more.
    """
    if not 0 <= part.decay < 1:
        name = type(part).__name__
        raise PartError(f"decay of {name} is {part.decay!r}, expected 0 to below 1")


def count_use(use: Tensor, codes: Tensor, decay: float) -> None:
    """Let the moving share of each row, shape (rows,), take in the codes of a batch."""
    import torch

    seen = summed(torch.bincount(codes, minlength=len(use)).to(use.dtype))
    use.mul_(decay).add_(seen / seen.sum(), alpha=1 - decay)
