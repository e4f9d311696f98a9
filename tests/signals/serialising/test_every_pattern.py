"""Every pattern has each slot of each token at one step, and is undone; known ones by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenry.errors import SignalError
from tokenry.signals.serialising.contract import Pattern, gathered, spread
from tokenry.signals.serialising.patterns.coarse_first import CoarseFirst, DepthMajor
from tokenry.signals.serialising.patterns.delay import Delay
from tokenry.signals.serialising.patterns.parallel import ParallelSlots
from tokenry.signals.serialising.patterns.unrolled import Unrolled

EVERY: list[Pattern] = [
    ParallelSlots(),
    Delay(),
    Delay(by=3),
    Delay(by=0),
    Unrolled(),
    DepthMajor(),
]
_ = -1


@pytest.mark.parametrize("pattern", EVERY, ids=str)
@given(st.integers(0, 12), st.integers(1, 5))
def test_is_undone(pattern: Pattern, tokens: int, slots: int) -> None:
    codes = np.arange(tokens * slots).reshape(tokens, slots)
    steps = spread(codes, pattern)
    assert (gathered(steps, pattern) == codes).all()
    assert sorted(steps[steps >= 0].tolist()) == codes.ravel().tolist()
    assert gathered(steps, pattern).shape == (tokens, slots)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (ParallelSlots(), [[0, 1, 2], [3, 4, 5]]),
        (Delay(), [[0, _, _], [3, 1, _], [_, 4, 2], [_, _, 5]]),
        (Unrolled(), [[0, _, _], [_, 1, _], [_, _, 2], [3, _, _], [_, 4, _], [_, _, 5]]),
        (CoarseFirst((1, 2)), [[0, _, _], [3, _, _], [_, 1, 2], [_, 4, 5]]),
        (DepthMajor(), [[0, _, _], [3, _, _], [_, 1, _], [_, 4, _], [_, _, 2], [_, _, 5]]),
    ],
    ids=str,
)
def test_two_tokens_of_three_slots(pattern: Pattern, expected: list[list[int]]) -> None:
    codes = np.arange(6).reshape(2, 3)
    assert spread(codes, pattern).tolist() == expected
    assert spread(codes, pattern, empty=99).tolist() == [
        [99 if code < 0 else code for code in row] for row in expected
    ]


def test_steps_of_no_number_of_tokens() -> None:
    with pytest.raises(SignalError, match="no multiple of 3 slots"):
        Unrolled().tokens(4, 3)
    with pytest.raises(SignalError, match="no multiple of 2 groups"):
        CoarseFirst((1, 2)).tokens(3, 3)
    with pytest.raises(SignalError, match=r"for 4 slots; expected 4 in all"):
        CoarseFirst((1, 2)).steps(3, 4)
    with pytest.raises(SignalError, match="2 steps for 3 slots delayed by 1; expected more than 2"):
        Delay().tokens(2, 3)
    with pytest.raises(SignalError, match="expected 0 or more"):
        Delay(by=-1)
