"""Several small digits as one integer and back, in whole numbers only.

Where levels were found by division of floats, some numbers of levels (26, 27, 38, ...) lose codes;
here code and digits are a bijection for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING, Final

from tokenry.errors import PartError

if TYPE_CHECKING:
    from torch import Tensor

MOST: Final = 1 << 62


def checked(levels: Sequence[int], what: object) -> None:
    """Raise where there is a digit without levels, or the codes do not fit into 62 bits.

    Raises:
        PartError: naming ``what``.
    """
    if not levels or min(levels) < 1 or prod(levels) > MOST:
        raise PartError(
            f"levels of {type(what).__name__} are {tuple(levels)}, expected one or more digits of "
            "1 or more levels, with at most 2**62 codes together"
        )


def code_of(digits: Tensor, levels: Sequence[int]) -> Tensor:
    """The integer of digits along the last axis, the first of which counts least."""
    import torch

    basis = torch.tensor(_basis(levels), device=digits.device)
    return (digits * basis).sum(-1)


def digits_of(code: Tensor, levels: Sequence[int]) -> Tensor:
    """Digits of an integer, along a new last axis."""
    import torch

    basis = torch.tensor(_basis(levels), device=code.device)
    sizes = torch.tensor(list(levels), device=code.device)
    return torch.div(code[..., None], basis, rounding_mode="floor") % sizes


def _basis(levels: Sequence[int]) -> list[int]:
    return [prod(levels[:place]) for place in range(len(levels))]
