"""Numbers of half precision as codes: the 63,488 finite ones, so that all codes decode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from torch import Tensor

FINITE: Final = 31_744
"""Finite patterns of either sign: exponents 0 to 30 of 1,024 fractions."""
LEVELS: Final = 2 * FINITE


def code_of_half(values: Tensor) -> Tensor:
    """Codes of numbers, which are rounded to half precision; what is beyond is cut off."""
    import torch

    most = torch.finfo(torch.float16).max
    half = torch.nan_to_num(values.float(), nan=0.0).clamp(-most, most).half()
    pattern = half.view(torch.int16).long() & 0xFFFF
    return (pattern & 0x7FFF) + (pattern >> 15) * FINITE


def half_of_code(codes: Tensor) -> Tensor:
    """Numbers of codes, float32."""
    import torch

    pattern = codes % FINITE + (codes // FINITE) * 0x8000
    signed = torch.where(pattern >= 0x8000, pattern - 0x10000, pattern)
    return signed.to(torch.int16).view(torch.float16).float()
