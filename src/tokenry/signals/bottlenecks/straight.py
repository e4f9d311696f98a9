"""Values of one tensor with the gradient of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def with_gradient_of(values: Tensor, source: Tensor) -> Tensor:
    """``values`` to the last bit, whose gradient goes to ``source`` (and to ``values``' own).

    ``source + (values - source).detach()`` would be off by rounding, and so would not be what codes
    decode to.
    """
    return values + (source - source.detach())


def mean_square(first: Tensor, second: Tensor) -> Tensor:
    """Mean of the squared difference."""
    return (first - second).square().mean()
