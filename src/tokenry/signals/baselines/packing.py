"""Codes as bytes without gaps: one number in base ``levels``.

So any number of levels costs its logarithm, and no more than seven bits for all codes together.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError


def bytes_for(levels: int, count: int) -> int:
    """Bytes that ``count`` codes of so many levels take."""
    largest: int = levels**count - 1
    return -(-largest.bit_length() // 8)


def packed(codes: NDArray[Any], levels: int) -> bytes:
    """Codes from 0 to ``levels - 1`` as bytes.

    Raises:
        SignalError: one is beyond.
    """
    rows = [int(each) for each in np.asarray(codes).ravel()]
    if rows and not 0 <= min(rows) <= max(rows) < levels:
        raise SignalError(f"codes from {min(rows)} to {max(rows)}; expected 0 to {levels - 1}")
    number = 0
    for code in reversed(rows):
        number = number * levels + code
    return number.to_bytes(bytes_for(levels, len(rows)), "little")


def unpacked(data: bytes, levels: int, count: int) -> NDArray[np.int64]:
    """What `packed` made bytes of; all bytes of the right number are codes.

    Raises:
        SignalError: there are more or fewer bytes.
    """
    if len(data) != bytes_for(levels, count):
        raise SignalError(
            f"{len(data)} bytes for {count} codes of {levels} levels; expected "
            f"{bytes_for(levels, count)}"
        )
    number, codes = int.from_bytes(data, "little"), []
    for _ in range(count):
        number, code = divmod(number, levels)
        codes.append(code)
    return np.array(codes, np.int64)
