"""Any file or array of a picture becomes pixels of 8 bits, or an error that says what is wrong."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from shares import draw
from tokenry.errors import SignalError
from tokenry.signals.pictures.picture import as_picture, decode_picture

RNG = np.random.default_rng(draw("pictures").getrandbits(32))
PIXELS = RNG.integers(0, 256, (5, 7, 3), dtype=np.uint8)


def file_of(array: np.ndarray, kind: str = "PNG", mode: str | None = None) -> bytes:
    buffer = io.BytesIO()
    image = Image.fromarray(array)
    (image.convert(mode) if mode else image).save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "PPM"])
def test_lossless_files_give_their_pixels(kind: str) -> None:
    assert (decode_picture(file_of(PIXELS, kind)).pixels == PIXELS).all()


def test_grey_becomes_three_equal_channels() -> None:
    grey = PIXELS[..., 0]
    for found in (decode_picture(file_of(grey)), as_picture(grey), as_picture(grey[..., None])):
        assert (found.pixels == grey[..., None]).all()
        assert found.pixels.shape == (5, 7, 3)


def test_transparent_pixels_are_laid_over_white() -> None:
    alpha = np.zeros((5, 7, 1), np.uint8)
    alpha[0] = 255
    alpha[1] = 51  # a fifth
    found = decode_picture(file_of(np.concatenate([PIXELS, alpha], axis=2))).pixels
    assert (found[0] == PIXELS[0]).all()
    assert (found[2:] == 255).all()
    assert np.abs(found[1] - (PIXELS[1] / 5 + 204)).max() <= 0.5
    grey = np.concatenate([PIXELS[..., :1], alpha], axis=2)
    assert (as_picture(grey).pixels[2:] == 255).all()


def test_a_palette_with_a_transparent_colour() -> None:
    image = Image.fromarray(np.array([[0, 1], [1, 0]], np.uint8), mode="P")
    image.putpalette([10, 20, 30, 40, 50, 60])
    buffer = io.BytesIO()
    image.save(buffer, "PNG", transparency=1)
    found = decode_picture(buffer.getvalue()).pixels
    assert found.tolist() == [[[10, 20, 30], [255] * 3], [[255] * 3, [10, 20, 30]]]


def test_sixteen_bits_are_rounded_to_eight() -> None:
    deep = np.array([[0, 128, 129, 257, 65_535]], np.uint16)
    expected = np.rint(deep / 257).astype(np.uint8)
    for found in (decode_picture(file_of(deep)), as_picture(deep)):
        assert (found.pixels[..., 1] == expected).all()


def test_cmyk_and_one_bit() -> None:
    white = np.full((2, 2, 3), 255, np.uint8)
    assert (decode_picture(file_of(white, "TIFF", "CMYK")).pixels == 255).all()
    assert (decode_picture(file_of(white, "PNG", "1")).pixels == 255).all()
    assert (as_picture(np.array([[True, False]])).pixels[0, :, 0] == [255, 0]).all()


def test_an_orientation_in_the_file_is_undone() -> None:
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    Image.fromarray(PIXELS).save(buffer, "PNG", exif=exif)
    assert (decode_picture(buffer.getvalue()).pixels == np.rot90(PIXELS, -1)).all()


def test_floats_from_0_to_1() -> None:
    assert (as_picture(PIXELS / 255).pixels == PIXELS).all()


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.zeros((4, 4, 5), np.uint8), r"shape \(4, 4, 5\); expected"),
        (np.zeros(4), "expected"),
        (np.zeros((0, 4, 3)), "no pixels"),
        (np.array([[0.5, np.nan]]), "1 values that are NaN"),
        (np.array([[0.5, np.inf]]), "NaN or infinite"),
        (np.array([[0.5, 200.0]]), "0.5 to 200; expected 0 to 1"),
        (np.array([[1, 2]], np.int32), "int32; expected uint8"),
        (np.array([["a"]]), "expected uint8"),
    ],
)
def test_arrays_that_are_no_pictures(array: np.ndarray, message: str) -> None:
    with pytest.raises(SignalError, match=message):
        as_picture(array, "mine")


def test_empty_and_broken_files_name_themselves() -> None:
    with pytest.raises(SignalError, match="a/b is empty"):
        decode_picture(b"", "a/b")
    with pytest.raises(SignalError, match="a/b is no picture"):
        decode_picture(b"not a picture at all", "a/b")
    for kind in ("PNG", "JPEG", "WEBP"):
        whole = file_of(RNG.integers(0, 256, (64, 64, 3), dtype=np.uint8), kind)
        with pytest.raises(SignalError, match=r"a/b is (broken|no picture)"):
            decode_picture(whole[: len(whole) // 2], "a/b")


def test_a_float_file_with_nan() -> None:
    values = np.full((2, 2), 0.5, np.float32)
    values[0, 0] = np.nan
    with pytest.raises(SignalError, match="NaN"):
        decode_picture(file_of(values, "TIFF"))


def test_damage_never_ends_otherwise() -> None:
    whole = file_of(PIXELS)
    for place in range(0, len(whole), 3):
        broken = whole[:place] + bytes([whole[place] ^ 0x5A]) + whole[place + 1 :]
        try:
            decode_picture(broken)
        except SignalError:
            continue
