"""Every order is a permutation, and is undone; known ones by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenry.errors import SignalError
from tokenry.signals.serialising.contract import Order, inverse
from tokenry.signals.serialising.orders.hilbert import Hilbert
from tokenry.signals.serialising.orders.raster import Raster
from tokenry.signals.serialising.orders.scale_major import ScaleMajor
from tokenry.signals.serialising.orders.scattered import Scattered
from tokenry.signals.serialising.orders.serpentine import Serpentine
from tokenry.signals.serialising.orders.zigzag import ZigZag

GRIDS: list[Order] = [Raster(), Serpentine(), ZigZag(), Hilbert(), Scattered(), Scattered(1)]


@pytest.mark.parametrize("order", GRIDS, ids=str)
@given(st.integers(1, 17), st.integers(1, 17))
def test_reads_every_place_once_and_is_undone(order: Order, height: int, width: int) -> None:
    places = order.places((height, width))
    assert sorted(places.tolist()) == list(range(height * width))
    codes = np.arange(height * width) * 3
    assert (codes[places][inverse(places)] == codes).all()


@pytest.mark.parametrize("order", [Serpentine(), Hilbert()], ids=str)
def test_neighbours_stay_neighbours(order: Order) -> None:
    for side in (2, 4, 8, 16):
        y, x = np.divmod(order.places((side, side)), side)
        assert (np.abs(np.diff(y)) + np.abs(np.diff(x)) == 1).all()


def test_hilbert_stays_in_each_quarter_until_it_is_read() -> None:
    y, x = np.divmod(Hilbert().places((8, 8)), 8)
    for start in range(0, 64, 16):
        assert len({*zip(y[start : start + 16] // 4, x[start : start + 16] // 4, strict=True)}) == 1


def test_zigzag_is_that_of_jpeg() -> None:
    assert ZigZag().places((4, 4)).tolist() == [
        0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15,
    ]  # fmt: skip


def test_scattered_reads_the_coarse_grid_first() -> None:
    assert Scattered(2).places((3, 3)).tolist() == [0, 2, 6, 8, 1, 3, 4, 5, 7]
    assert Scattered(3).level_of((4, 4)).reshape(4, 4)[0].tolist() == [0, 2, 1, 2]


def test_scales_one_after_another() -> None:
    order = ScaleMajor(((1, 1), (2, 2), (2, 3)), within=Serpentine())
    assert order.places((11,)).tolist() == [0, 1, 2, 4, 3, 5, 6, 7, 10, 9, 8]
    assert order.counts == (1, 4, 6)
    with pytest.raises(SignalError, match=r"11 places of all scales; this layout is \(3, 4\)"):
        order.places((3, 4))


def test_what_is_no_grid_or_no_order() -> None:
    for order in GRIDS[1:]:
        with pytest.raises(SignalError, match="reads grids"):
            order.places((9,))
    with pytest.raises(SignalError, match="leaves some out"):
        inverse(np.array([0, 0, 2]))
    with pytest.raises(SignalError, match="leaves some out"):
        inverse(np.array([0, 1, 3]))
    with pytest.raises(SignalError, match="expected"):
        ScaleMajor(())
    with pytest.raises(SignalError, match="expected"):
        Scattered(0)
