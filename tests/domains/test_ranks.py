"""Where ascending numbers stand among others: the core against numpy."""

from __future__ import annotations

import numpy as np
import pytest

from shares import draw, share
from tokenry import _native


@pytest.mark.parametrize(("or_equal", "side"), [(False, "left"), (True, "right")])
def test_ranks_are_those_of_numpy(or_equal: bool, side: str) -> None:
    chance = draw("ranks")
    for _ in range(share(400)):
        most = chance.choice([3, 50, 10**12])
        among = np.sort([chance.randint(-most, most) for _ in range(chance.randint(0, 60))])
        numbers = np.array([chance.randint(-most, most) for _ in range(chance.randint(0, 60))])
        numbers = np.sort(numbers) if chance.random() < 0.8 else numbers
        given = numbers.astype(np.int64), among.astype(np.int64)
        expected = np.searchsorted(given[1], given[0], side)  # type: ignore[call-overload]
        assert _native.ranks_of(*given, or_equal=or_equal).tolist() == expected.tolist()
