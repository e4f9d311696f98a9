"""Arrays that stand aside: what the core packs, against numpy, and back."""

from __future__ import annotations

import numpy as np
import pytest

from shares import draw, share
from tokenry import _native
from tokenry.domains.residue import Array, pack_arrays, unpack_arrays
from tokenry.errors import DomainError

TYPES = ("<i1", "<i2", "<i4", "<i8")


def narrowest(values: Array) -> int:
    return next(
        kind
        for kind, name in enumerate(TYPES)
        if np.iinfo(name).min <= values.min() and values.max() <= np.iinfo(name).max
    )


def packed(array: Array) -> bytes:
    """The readable twin of native/domains/packed_numbers.cpp, for fewer than 128 numbers."""
    with np.errstate(over="ignore"):
        steps = np.diff(array, prepend=np.zeros(1, np.int64))
    form, values = min(enumerate((array, steps)), key=lambda each: narrowest(each[1]))
    kind = narrowest(values)
    return bytes([form * 16 + kind, len(array)]) + values.astype(TYPES[kind]).tobytes()


def test_numbers_are_packed_as_by_the_twin_and_come_back() -> None:
    chance = draw("numbers")
    for _ in range(share(400)):
        bits = chance.choice([3, 7, 8, 15, 16, 31, 32, 62, 63])
        size = chance.randint(1, 40)
        array = np.array([chance.randint(-(1 << bits), (1 << bits) - 1) for _ in range(size)])
        array = np.cumsum(np.abs(array) % 9) + array[0] if chance.random() < 0.4 else array
        array = array.astype(np.int64)
        assert _native.pack_numbers(array) == packed(array)
        found, end = _native.unpack_numbers(b"xy" + packed(array) + b"z", 2)
        assert found.tolist() == array.tolist()
        assert end == 2 + len(packed(array))


def test_arrays_come_back_with_bytes() -> None:
    arrays = {"width": np.arange(1000) * 61, "none": np.zeros(0, np.int64), "one": np.array([-5])}
    found, extra = unpack_arrays(pack_arrays(arrays, b"content"))
    assert {name: each.tolist() for name, each in found.items()} == {
        "width": arrays["width"].tolist(),
        "one": [-5],
    }
    assert extra == b"content"
    assert pack_arrays({}) == b""
    assert unpack_arrays(b"") == ({}, b"")


def test_damaged_bytes_are_refused() -> None:
    whole = pack_arrays({"width": np.arange(90) ** 2, "size": np.array([1, 2])})
    chance = draw("damage")
    for _ in range(share(300)):
        data = bytearray(whole)
        data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            unpack_arrays(bytes(data[: chance.randint(1, len(data))]))
        except DomainError as error:
            assert "damaged" in str(error)  # noqa: PT017 (other bytes may be other arrays)
    for data in (b"\x02abc", b"\x00\x01", b"\x00\x01\x01a\x04\x00", b"\x00\x01\x01a\x00\xff"):
        with pytest.raises(DomainError, match="damaged"):
            unpack_arrays(data)
