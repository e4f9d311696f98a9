"""Programs of patterns that make no sense are refused, never run."""

from __future__ import annotations

import numpy as np
import pytest

from tokenry import _native

STARTS, SYMBOLS = np.array([0, 97, 98], np.uint32), np.array([2, 3, 2], np.uint8)
TAKE, FORK, MATCH = 0, 1, 4
BOTH = np.array([0, 0, 0, 1], np.uint8)  # one set: the symbol 3


def add(kinds, firsts, seconds, members=BOTH, symbols=4, **more):
    stage = _native.pattern_stage(STARTS, SYMBOLS, 2)
    given = {"behavior": "Isolated", "invert": False, "looks": [], "empty": False, **more}
    stage.add(
        np.array(kinds, np.uint8),
        np.array(firsts, np.uint32),
        np.array(seconds, np.uint32),
        members,
        symbols=symbols,
        noted=np.zeros(0, np.uint8),
        **given,
    )
    return _native.Cascade([stage])


def test_a_program():
    begins, ends = add([TAKE, MATCH], [0, 0], [1, 0]).find(b"bab")
    assert begins.tolist() == [0, 1, 2]
    assert ends.tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], [], []), "outside itself"),
        (([TAKE, MATCH], [1, 0], [1, 0]), "outside itself"),
        (([TAKE, MATCH], [0, 0], [2, 0]), "outside itself"),
        (([FORK, MATCH], [2, 0], [1, 0]), "outside itself"),
        (([9, MATCH], [0, 0], [1, 0]), "unknown instruction"),
        (([TAKE, MATCH], [0], [1, 0]), "fit together"),
        (([TAKE, MATCH], [0, 0], [1, 0], BOTH[:3]), "fit together"),
        (([TAKE, MATCH], [0, 0], [1, 0], BOTH[:3], 3), "more symbols"),
        (([TAKE, MATCH], [0, 0], [1, 0], BOTH, 300), "fit together"),
        (([MATCH], [0], [0]), "empty text"),
    ],
)
def test_refused_programs(arguments, message):
    with pytest.raises(ValueError, match=message):
        add(*arguments)


def test_other_refusals():
    with pytest.raises(ValueError, match="behavior is 'No'"):
        add([TAKE, MATCH], [0, 0], [1, 0], behavior="No")
    with pytest.raises(ValueError, match="needs a stage"):
        _native.Cascade([])
    with pytest.raises(ValueError, match="ascend from 0"):
        _native.pattern_stage(STARTS[::-1].copy(), SYMBOLS, 2)
    with pytest.raises(ValueError, match="expected 2 or more"):
        _native.pattern_stage(STARTS, SYMBOLS - 2, 2)
    with pytest.raises(ValueError, match="256 symbols"):
        _native.pattern_stage_of_bytes(SYMBOLS)
