"""Use of codes against counts by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tokenry.errors import SignalError
from tokenry.signals.measures.code_use import code_use


def test_two_slots_by_hand() -> None:
    codes = np.array([[0, 3], [1, 3], [0, 3], [1, 3]])
    found = code_use(codes, (4, 8))
    assert found.usage == (2 / 4 + 1 / 8) / 2
    assert found.perplexity == (2 + 1) / 2
    assert found.entropy == 1.0
    assert found.bits == 2 + 3


def test_bits_are_never_below_the_entropy() -> None:
    rng = np.random.default_rng(1)
    for levels in ((5,), (8, 6, 5), (2,) * 16):
        codes = np.stack([rng.integers(0, n, 500) for n in levels], axis=1)
        found = code_use(codes, levels)
        assert 0 < found.entropy <= found.bits + 1e-12


@pytest.mark.parametrize("codes", [[[4]], [[-1]], [], [[0, 0]], [0]])
def test_codes_that_do_not_fit(codes: list[object]) -> None:
    with pytest.raises(SignalError):
        code_use(np.array(codes), (4,))
