"""Codes as bytes and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenry.errors import SignalError
from tokenry.signals.baselines.packing import bytes_for, packed, unpacked


@given(st.integers(1, 70_000), st.lists(st.integers(0, 1 << 40), max_size=40))
def test_there_and_back(levels: int, numbers: list[int]) -> None:
    codes = [number % levels for number in numbers]
    data = packed(np.array(codes, np.int64), levels)
    assert unpacked(data, levels, len(codes)).tolist() == codes
    assert len(data) == bytes_for(levels, len(codes)) <= len(codes) * np.log2(levels) / 8 + 1


def test_what_does_not_fit() -> None:
    with pytest.raises(SignalError, match="expected 0 to 3"):
        packed(np.array([4]), 4)
    with pytest.raises(SignalError, match="3 bytes for 4 codes of 4 levels; expected 1"):
        unpacked(b"abc", 4, 4)
