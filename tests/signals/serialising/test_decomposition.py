"""Codes in parts and back."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenry.errors import SignalError
from tokenry.signals.serialising.decomposition import Decomposition


@given(st.lists(st.integers(2, 300), min_size=1, max_size=4), st.data())
def test_there_and_back(parts: list[int], data: st.DataObject) -> None:
    made = Decomposition(tuple(parts))
    levels = data.draw(st.integers(1, math.prod(parts)))
    codes = np.array(data.draw(st.lists(st.integers(0, levels - 1), max_size=9)), np.int64)
    split = made.split(codes, levels)
    assert split.shape == (len(codes), len(parts))
    assert ((split >= 0) & (split < np.array(parts))).all()
    back, valid = made.join(split, levels)
    assert (back == codes).all()
    assert valid.all()


@given(st.integers(1, 60), st.integers(1, 8))
def test_bits_in_even_parts(bits: int, parts: int) -> None:
    if parts > bits:
        with pytest.raises(SignalError, match="one bit or more"):
            Decomposition.of_bits(bits, parts)
        return
    made = Decomposition.of_bits(bits, parts)
    assert math.prod(made.parts) == 2**bits
    assert max(made.parts) <= 2 * min(made.parts)


def test_parts_beyond_the_levels_are_told() -> None:
    codes, valid = Decomposition((4, 4)).join(np.array([[3, 3], [1, 2]]), levels=10)
    assert codes.tolist() == [9, 9]
    assert valid.tolist() == [False, True]
    made = Decomposition((4, 4))
    with pytest.raises(SignalError, match="they are too few"):
        made.split(np.array([0]), 17)
    with pytest.raises(SignalError, match="codes from 16 to 16"):
        made.split(np.array([16]), 16)
    with pytest.raises(SignalError, match="beyond"):
        made.join(np.array([[4, 0]]), 16)
    with pytest.raises(SignalError, match="expected 2 of each"):
        made.join(np.array([[0]]), 16)
    with pytest.raises(SignalError, match="expected levels"):
        Decomposition((1,))
