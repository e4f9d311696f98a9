"""Codes: their price, their cuts, their files, and what is wrong with them."""

from __future__ import annotations

from math import comb, log2
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tokenry.errors import SignalError
from tokenry.signals.codes import Codes
from tokenry.signals.codes_file import read_codes, write_codes

safetensors_numpy = pytest.importorskip("safetensors.numpy")


def some(**others: Any) -> Codes:
    rows = [[[1, 2], [3, 4]], [[5, 6]], []]
    given = {"names": ("a", "b", "c"), "codec": "f" * 64, "losses": {"l1": 0.5}, **others}
    return Codes.of(rows, (8, 9), 4, **given)


def test_bits_are_those_of_codes_lengths_and_places() -> None:
    each = log2(8) + log2(9)
    codes = some()
    assert not codes.fixed
    np.testing.assert_allclose(codes.bits, np.array([2, 1, 0]) * each + log2(5))
    chosen = some(places=np.array([0, 3, 2]))
    ways = np.log2([comb(4, 2), comb(4, 1), comb(4, 0)])
    np.testing.assert_allclose(chosen.bits, codes.bits + ways)
    full = Codes.of([[[0]] * 4] * 2, (5,), 4)
    np.testing.assert_allclose(full.bits, [4 * log2(5)] * 2)
    beside = some(beside=np.array([7.0, 0.0, 1.0]))
    np.testing.assert_allclose(beside.bits - codes.bits, [7, 0, 1])


def test_places_mask_and_table() -> None:
    codes = some(places=np.array([0, 3, 2]))
    assert codes.mask.tolist() == [[1, 0, 0, 1], [0, 0, 1, 0], [0, 0, 0, 0]]
    assert codes.padded()[0].tolist() == [[1, 2], [0, 0], [0, 0], [3, 4]]
    assert codes.first(1).token_places.tolist() == [0, 2]
    assert codes.items([1, 0]).values.tolist() == [[5, 6], [1, 2], [3, 4]]
    assert codes.items([1, 0]).names == ("b", "a")


def test_entropy_and_usage() -> None:
    codes = Codes.of([[[0], [0], [1], [1]]], (4,), 4)
    assert codes.entropy() == pytest.approx(1.0)
    assert codes.usage() == (0.5,)
    assert Codes.of([], (4,), 4).entropy() == 0


def test_a_file_is_read_back(tmp_path: Path) -> None:
    for codes in (some(), some(places=np.array([0, 3, 2]), beside=np.ones(3))):
        write_codes(codes, tmp_path / "codes.safetensors")
        again = read_codes(tmp_path / "codes.safetensors")
        assert np.array_equal(again.values, codes.values)
        assert np.array_equal(again.bits, codes.bits)
        assert np.array_equal(again.token_places, codes.token_places)
        assert (again.names, again.codec, again.losses) == (codes.names, codes.codec, codes.losses)


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "codes.safetensors"
    path.write_bytes(b"not a file of codes")
    with pytest.raises(SignalError, match="no whole file"):
        read_codes(path)
    path.write_bytes(safetensors_numpy.save({"a": np.zeros(1)}, metadata={"format": "other"}))
    with pytest.raises(SignalError, match="not of the format"):
        read_codes(path)
    head = {"format": "tokenry codes", "version": "9"}
    path.write_bytes(safetensors_numpy.save({"a": np.zeros(1)}, metadata=head))
    with pytest.raises(SignalError, match="version 9"):
        read_codes(path)
    head = {"format": "tokenry codes", "version": "1", "facts": "{}", "codec": ""}
    path.write_bytes(safetensors_numpy.save({"a": np.zeros(1)}, metadata=head))
    with pytest.raises(SignalError, match="damaged"):
        read_codes(path)
    write_codes(some(), path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([255]))
    with pytest.raises(SignalError, match="damaged"):
        read_codes(path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"values": np.array([[8, 0], [0, 0], [0, 0]])}, "codes 0 to 8 in slot 0; expected 0 to 7"),
        ({"values": np.array([[-1, 0], [0, 0], [0, 0]])}, "codes -1"),
        ({"values": np.zeros((3, 1), np.int64)}, "expected \\(tokens, 2\\)"),
        ({"offsets": np.array([0, 2, 4, 3])}, "tokens; expected 0 to 4"),
        ({"offsets": np.array([0, 2])}, "expected 0 to 3"),
        ({"layout": 1}, "items of 0 to 2 tokens; expected 0 to 1"),
        ({"places": np.array([1, 1, 0])}, "not ascending"),
        ({"places": np.array([0, 4, 0])}, "places 0 to 4"),
        ({"places": np.array([0])}, "places of 3 tokens"),
        ({"names": ("a",)}, "1 names of 3 items"),
        ({"beside": np.zeros(1)}, "side bits of 1 of 3"),
        ({"levels": (8, 0)}, "levels"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], message: str) -> None:
    codes = some()
    given = {
        "values": codes.values, "offsets": codes.offsets, "levels": codes.levels, "layout": 4,
        **changes,
    }  # fmt: skip
    with pytest.raises(SignalError, match=message):
        Codes(**given)
    with pytest.raises(SignalError, match="-1 tokens"):
        codes.first(-1)
