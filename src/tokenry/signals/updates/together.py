"""What several processes that train one codebook have to agree on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def summed(tensor: Tensor) -> Tensor:
    """The sum over all processes; alone, the tensor itself."""
    import torch.distributed as together

    if together.is_available() and together.is_initialized():
        together.all_reduce(tensor)
    return tensor


def of_first(tensor: Tensor) -> Tensor:
    """What the first process has; alone, the tensor itself."""
    import torch.distributed as together

    if together.is_available() and together.is_initialized():
        together.broadcast(tensor, 0)
    return tensor
