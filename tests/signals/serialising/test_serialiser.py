"""Codes to ids and back, for every order with every pattern."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shares import draw, part
from tokenry.errors import SignalError
from tokenry.signals.serialising.contract import Order, Pattern
from tokenry.signals.serialising.id_space import IdSpace
from tokenry.signals.serialising.orders.hilbert import Hilbert
from tokenry.signals.serialising.orders.raster import Raster
from tokenry.signals.serialising.orders.zigzag import ZigZag
from tokenry.signals.serialising.patterns.coarse_first import CoarseFirst, DepthMajor
from tokenry.signals.serialising.patterns.delay import Delay
from tokenry.signals.serialising.patterns.parallel import ParallelSlots
from tokenry.signals.serialising.patterns.unrolled import Unrolled
from tokenry.signals.serialising.serialiser import Serialiser

LEVELS = (5, 3, 7)
ORDERS: list[Order] = [Raster(), ZigZag(), Hilbert()]
PATTERNS: list[Pattern] = [ParallelSlots(), Delay(), Unrolled(), DepthMajor(), CoarseFirst((2, 1))]
PAIRS = [(order, pattern) for order in ORDERS for pattern in PATTERNS]


def serialiser(order: Order, pattern: Pattern, *, shared: bool = False) -> Serialiser:
    return Serialiser(IdSpace(LEVELS, first=1000, shared=shared), (3, 4), order, pattern)


def drawn(seed: int, tokens: int = 12) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.stack([rng.integers(0, n, tokens) for n in LEVELS], axis=1)


@pytest.mark.parametrize(("order", "pattern"), part(PAIRS), ids=str)
@pytest.mark.parametrize("shared", [False, True])
def test_there_and_back(order: Order, pattern: Pattern, shared: bool) -> None:
    made = serialiser(order, pattern, shared=shared)
    codes = drawn(draw("serialiser").getrandbits(32))
    ids = made.ids(codes)
    assert len(ids) == 12 * 3 + 2
    assert ids.min() >= 1000
    assert ids.max() < made.space.end
    for back, valid in (made.codes(ids), made.of_streams(made.streams(codes))):
        assert (back == codes).all()
        assert valid.all()


@pytest.mark.parametrize("pattern", PATTERNS, ids=str)
def test_in_raster_order_any_number_of_first_tokens(pattern: Pattern) -> None:
    made = serialiser(Raster(), pattern)
    for tokens in (0, 1, 5, 12):
        codes = drawn(3, tokens)
        back, valid = made.codes(made.ids(codes))
        assert (back == codes).all()
        assert valid.all()
        assert (made.of_streams(made.streams(codes))[0] == codes).all()


@pytest.mark.parametrize(("order", "pattern"), part(PAIRS), ids=str)
@given(st.lists(st.integers(-2, 1040), max_size=60))
def test_any_ids_are_some_codes(order: Order, pattern: Pattern, ids: list[int]) -> None:
    codes, valid = serialiser(order, pattern).codes(np.array(ids, np.int64))
    assert codes.shape == valid.shape
    assert codes.shape[1] == 3
    assert ((codes >= 0) & (codes < np.array(LEVELS))).all()
    assert (codes[~valid] == 0).all()


@pytest.mark.parametrize("pattern", PATTERNS, ids=str)
def test_what_is_allowed_is_what_comes(pattern: Pattern) -> None:
    made = serialiser(ZigZag(), pattern)
    ids = made.ids(drawn(4))
    for place in range(len(ids)):
        allowed = made.allowed(ids[:place], tokens=12)
        assert ids[place] in allowed
        if 0 < place < len(ids) - 1:
            slots = [slot for slot in range(3) if ids[place] in made.space.range_of(slot)]
            assert allowed.tolist() == list(made.space.range_of(slots[0]))
    assert made.allowed(ids, tokens=12).tolist() == []


def test_any_number_of_tokens_is_allowed_where_none_is_named() -> None:
    made = Serialiser(IdSpace((4,)), (3,))
    begin, end = made.space.special("begin"), made.space.special("end")
    assert made.allowed(np.array([begin])).tolist() == [end, 4, 5, 6, 7]
    assert made.allowed(np.array([begin, 4, 5, 6])).tolist() == [end]
    two = Serialiser(IdSpace((4, 4)), (3,))
    assert end not in two.allowed(np.array([begin, 4]))  # a token has both slots


def test_text_before_and_behind_is_not_read() -> None:
    made = serialiser(Raster(), ParallelSlots())
    codes = drawn(5)
    ids = np.concatenate([[3, 4], made.ids(codes), [5]])
    assert (made.codes(ids)[0] == codes).all()


def test_ids_of_slots_and_specials() -> None:
    space = IdSpace((5, 3), first=10)
    assert [space.special(name) for name in space.specials] == [10, 11, 12, 13]
    assert space.starts.tolist() == [14, 19]
    assert space.end == 22
    assert IdSpace((5, 3), shared=True).end == 4 + 5
    assert list(space.range_of(1)) == [19, 20, 21]
    with pytest.raises(SignalError, match="no special is named 'x'; there are begin, end"):
        space.special("x")
    with pytest.raises(SignalError, match="codes from 5 to 5"):
        space.ids(np.array([5]), np.array([0]))
    for levels, first in (((), 0), ((0,), 0), ((3,), -1)):
        with pytest.raises(SignalError):
            IdSpace(levels, first)


def test_codes_that_do_not_fit() -> None:
    made = serialiser(ZigZag(), ParallelSlots())
    with pytest.raises(SignalError, match="expected up to 12 tokens of 3 slots"):
        made.ids(np.zeros((13, 3), np.int64))
    with pytest.raises(SignalError, match="expected up to 12 tokens of 3 slots"):
        made.ids(np.zeros((12, 2), np.int64))
    with pytest.raises(SignalError, match="5 tokens of"):
        made.ids(np.zeros((5, 3), np.int64))
    with pytest.raises(SignalError, match="13 tokens for a layout of 12"):
        made.of_streams(np.zeros((13, 3), np.int64))
