"""Measures by a small classifier that was trained here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tokenry.errors import SignalError
from tokenry.signals.measures.local import LocalClassifier, train_local
from tokenry.signals.measures.measured import CodedPictures, floor_of, measure_pictures
from tokenry.signals.pictures.album import Album
from tokenry.signals.pictures.picture import Picture


def stripes(count: int, seed: int) -> Album:
    """Pictures of stripes along the height or the width, with noise."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        wave = np.sin(np.arange(16) * rng.uniform(0.8, 1.6) + rng.uniform(0, 6))
        grid = np.tile(wave, (16, 1)) if number % 2 else np.tile(wave[:, None], (1, 16))
        pixels = 128 + 90 * grid[..., None] * rng.uniform(0.5, 1, 3) + rng.normal(0, 9, (16, 16, 3))
        label = "upright" if number % 2 else "level"
        made.append(Picture(pixels.clip(0, 255).astype(np.uint8), f"{number}", label))
    return Album.of(made)


@pytest.fixture(scope="module")
def trained() -> LocalClassifier:
    return train_local(stripes(64, 1), steps=40, batch=16, width=4, rate=1e-2)


def test_learns_labels_and_measures_by_them(trained: LocalClassifier) -> None:
    album = stripes(40, 2)
    assert trained.accuracy(album.pixels, album.labels).mean() > 0.9
    turned = np.ascontiguousarray(np.rot90(album.pixels, axes=(1, 2)))
    assert trained.accuracy(turned, album.labels).mean() < 0.1


def test_distances_grow_with_the_damage(trained: LocalClassifier) -> None:
    album = stripes(40, 2)
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 1, album.pixels.shape)
    worse = [np.clip(album.pixels + s * noise, 0, 255).astype(np.uint8) for s in (0, 10, 60)]
    fd = [trained.fd_local(album.pixels, each) for each in worse]
    lp = [float(trained.lp_local(album.pixels, each).mean()) for each in worse]
    assert fd[0] == pytest.approx(0, abs=1e-6)
    assert lp[0] == 0
    assert fd[0] < fd[1] < fd[2]
    assert lp[0] < lp[1] < lp[2]
    assert 0 < floor_of(album, stripes(60, 3), trained) < fd[2]
    with pytest.raises(SignalError, match="4 other pictures; expected 40"):
        floor_of(album, stripes(4, 3), trained)


def test_is_the_same_again_and_after_saving(trained: LocalClassifier, tmp_path: Path) -> None:
    again = train_local(stripes(64, 1), steps=40, batch=16, width=4, rate=1e-2)
    assert again.fingerprint == trained.fingerprint
    loaded = LocalClassifier.load(trained.save(tmp_path / "classifier"))
    assert loaded.fingerprint == trained.fingerprint
    assert (loaded.features(stripes(4, 5).pixels) == trained.features(stripes(4, 5).pixels)).all()
    weights = tmp_path / "classifier" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-10])
    with pytest.raises(SignalError, match="other weights"):
        LocalClassifier.load(tmp_path / "classifier")


def test_pictures_without_labels_are_turned() -> None:
    album = stripes(8, 1)
    bare = Album(album.pixels, album.names, np.full(8, -1), ())
    assert train_local(bare, steps=2, batch=4, width=4).module.part.classes == 4


def test_all_measures_of_coded_pictures(trained: LocalClassifier) -> None:
    album = stripes(6, 4)
    codes = np.arange(24).reshape(24, 1) % 8
    coded = CodedPictures(album.pixels, np.full(6, 12.0), codes, (8,), 0.5, 0.25)
    found = measure_pictures(album, coded, family="exact", classifier=trained)
    assert found.figures["psnr"] == 100.0
    assert found.figures["lp_local"] == 0.0
    assert found.figures["usage"] == 1.0
    assert found.figures["perplexity"] == pytest.approx(8.0)
    assert found.figures["encoded_per_second"] == 12.0
    assert found.bits == 12.0
    assert found.classifier == trained.fingerprint
    assert found.from_json(found.to_json()) == found
    with pytest.raises(SignalError, match="bits of shape"):
        measure_pictures(album, CodedPictures(album.pixels, np.zeros(5)), family="x")
