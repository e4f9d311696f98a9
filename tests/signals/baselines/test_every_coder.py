"""What all baselines promise: a picture comes back, alike and of its size; bits are its bytes."""

from __future__ import annotations

import numpy as np
import pytest

from shares import draw
from tokenry.errors import SignalError
from tokenry.signals.baselines.at_bits import FORMATS, format_at_bits, formats_here
from tokenry.signals.baselines.contract import PictureCoder, code_album
from tokenry.signals.baselines.jpeg import Jpeg, JpegScan
from tokenry.signals.baselines.jpeg_xl import JpegXl, has_jpeg_xl
from tokenry.signals.baselines.patch_kmeans import PatchKMeans
from tokenry.signals.baselines.scaled import Scaled
from tokenry.signals.baselines.webp import WebP, WebPFrame
from tokenry.signals.measures.fidelity import psnr
from tokenry.signals.pictures.album import Album
from tokenry.signals.pictures.picture import Picture

pytest.importorskip("PIL")
SIZE = (32, 24)


def smooth(count: int, seed: int) -> Album:
    """Pictures of a few coloured waves."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[: SIZE[0], : SIZE[1]]
    made = []
    for number in range(count):
        waves = [np.sin(rng.uniform(0, 0.3) * x + rng.uniform(0, 0.3) * y + p) for p in range(3)]
        pixels = 127.5 + 120 * np.stack(waves, axis=-1) * rng.uniform(0.3, 1, 3)
        made.append(Picture(pixels.clip(0, 255).astype(np.uint8), f"{number}"))
    return Album.of(made)


ALBUM = smooth(6, draw("coders").getrandbits(32))
CODERS: dict[str, PictureCoder] = {
    "jpeg": Jpeg(80),
    "jpeg scan": JpegScan(80, SIZE),
    "webp": WebP(80),
    "webp frame": WebPFrame(80, SIZE),
    "half jpeg": Scaled(JpegScan(90, (16, 12)), SIZE),
    "k-means": PatchKMeans.fit(smooth(30, 7), codes=200, patch=2),
}


@pytest.mark.parametrize("name", CODERS)
def test_pictures_come_back(name: str) -> None:
    coded = code_album(CODERS[name], ALBUM)
    assert coded.pixels.shape == ALBUM.pixels.shape
    assert psnr(ALBUM.pixels, coded.pixels).mean() > 22
    assert coded.bits.tolist() == [8 * len(CODERS[name].encode(each)) for each in ALBUM.pixels]


@pytest.mark.parametrize(
    ("whole", "part"),
    [(Jpeg(q), JpegScan(q, SIZE)) for q in (1, 50, 95)]
    + [(WebP(q), WebPFrame(q, SIZE)) for q in (0, 50, 100)],
    ids=str,
)
def test_a_shared_header_changes_no_pixel(whole: PictureCoder, part: PictureCoder) -> None:
    for pixels in ALBUM.pixels:
        assert (whole.decode(whole.encode(pixels)) == part.decode(part.encode(pixels))).all()
        assert len(part.encode(pixels)) < len(whole.encode(pixels)) - 20


@pytest.mark.skipif(not has_jpeg_xl(), reason="neither cjxl nor pillow-jxl-plugin")
def test_jpeg_xl(monkeypatch: pytest.MonkeyPatch) -> None:
    pixels = ALBUM.pixels[0]
    sizes = []
    for distance in (0.5, 8.0):
        data = JpegXl(distance).encode(pixels)
        assert data[:2] == b"\xff\x0a"  # a codestream without a container
        assert JpegXl(distance).decode(data).shape == pixels.shape
        sizes.append(len(data))
    assert sizes[0] > sizes[1]
    with pytest.raises(SignalError, match=r"djxl failed|broken|no picture|JXL"):
        JpegXl().decode(b"\xff\x0anothing")
    monkeypatch.setattr("tokenry.signals.baselines.jpeg_xl.has_jpeg_xl", lambda: False)
    with pytest.raises(SignalError, match="libjxl-tools"):
        JpegXl()


def test_the_plugin_gives_pictures_too(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pillow_jxl")
    monkeypatch.setattr("tokenry.signals.baselines.jpeg_xl._tools", lambda: False)
    data = JpegXl(2.0).encode(ALBUM.pixels[0])
    assert data[:2] == b"\xff\x0a"
    assert psnr(ALBUM.pixels[:1], JpegXl(2.0).decode(data)[None]).mean() > 25


def test_k_means_is_total_and_its_bits_are_exact() -> None:
    coder = CODERS["k-means"]
    assert isinstance(coder, PatchKMeans)
    codes = coder.codes(ALBUM.pixels)
    assert codes.shape == (6, 16 * 12)
    assert (coder.codes(ALBUM.pixels[0]) == codes[0]).all()
    for pixels, row in zip(ALBUM.pixels, codes, strict=True):
        assert (coder.decode(coder.encode(pixels)) == coder.restored(row)).all()
    exact = 16 * 12 * np.log2(200)
    assert exact <= 8 * len(coder.encode(ALBUM.pixels[0])) < exact + 8
    rng = np.random.default_rng(3)
    size = len(coder.encode(ALBUM.pixels[0]))
    assert coder.decode(rng.bytes(size - 1) + b"\0").shape == (*SIZE, 3)
    patches = ALBUM.pixels[0].reshape(16, 2, 12, 2, 3).swapaxes(1, 2).reshape(-1, 12) / 255
    distances = ((patches[:, None] - coder.centres) ** 2).sum(-1)
    assert (distances[np.arange(len(codes[0])), codes[0]] <= distances.min(1) + 1e-5).all()


def test_more_codes_are_better() -> None:
    learnt = smooth(30, 7)
    scores = [
        psnr(ALBUM.pixels, (c := PatchKMeans.fit(learnt, codes=k, patch=2)).restored(
            c.codes(ALBUM.pixels))).mean()
        for k in (2, 8, 64)
    ]  # fmt: skip
    assert scores == sorted(scores)


def test_what_coders_refuse() -> None:
    with pytest.raises(SignalError, match="quality 0; expected 1 to 95"):
        Jpeg(0)
    with pytest.raises(SignalError, match="quality 101"):
        WebPFrame(101, SIZE)
    for coder in (
        CODERS["jpeg scan"],
        CODERS["webp frame"],
        CODERS["k-means"],
        CODERS["half jpeg"],
    ):
        with pytest.raises(SignalError, match=r"a picture of \(8, 8\) for a coder of \(32, 24\)"):
            coder.encode(np.zeros((8, 8, 3), np.uint8))
    with pytest.raises(SignalError, match=r"is broken|no picture"):
        CODERS["jpeg"].decode(b"nothing")
    with pytest.raises(SignalError, match="do not divide"):
        PatchKMeans.fit(ALBUM, codes=4, patch=5)
    with pytest.raises(SignalError, match="expected 1 to as many"):
        PatchKMeans.fit(ALBUM, codes=10_000, patch=4)
    with pytest.raises(SignalError, match="there are JPEG"):
        format_at_bits("GIF", ALBUM, 100)


@pytest.mark.parametrize("name", ["JPEG, header shared", "WebP, header shared"])
def test_a_format_at_bits_is_below_them(name: str) -> None:
    for bits in (400, 1200):
        found = format_at_bits(name, ALBUM, bits)
        assert found is not None
        assert code_album(found[1], ALBUM).bits.mean() <= bits
    assert format_at_bits(name, ALBUM, 8) is None
    assert name in formats_here()
    assert set(formats_here()) <= set(FORMATS)
