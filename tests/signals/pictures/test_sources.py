"""The same pictures from a folder, a zip and a shard."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tokenry.errors import SignalError
from tokenry.signals.pictures.album import Album
from tokenry.signals.pictures.photos import PHOTOS
from tokenry.signals.pictures.picture import Picture
from tokenry.signals.pictures.png import png_bytes, write_png
from tokenry.signals.pictures.sources import open_album, read_pictures, write_shard

RNG = np.random.default_rng(5)
MADE = {
    f"train/{label}/{number:02d}": RNG.integers(0, 256, (6 + number, 9, 3), dtype=np.uint8)
    for label in ("cat", "dog")
    for number in range(2)
}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("pictures")
    for name, pixels in MADE.items():
        write_png(pixels, root / "folder" / f"{name}.png")
    (root / "folder" / "notes.txt").write_text("no picture")
    with zipfile.ZipFile(root / "all.zip", "w") as archive:
        for name, pixels in MADE.items():
            archive.writestr(f"{name}.png", png_bytes(pixels))
    samples = [(name, png_bytes(pixels), name.split("/")[1]) for name, pixels in MADE.items()]
    with (root / "shard-000.tar").open("wb") as file:
        write_shard(samples, file)
    return {"folder": root / "folder", "zip": root / "all.zip", "tar": root / "shard-000.tar"}


@pytest.mark.parametrize("kind", ["folder", "zip", "tar"])
def test_every_kind_of_source_gives_the_same(places: dict[str, Path], kind: str) -> None:
    found = list(read_pictures(places[kind]))
    assert [each.name for each in found] == list(MADE)
    assert [each.label for each in found] == ["cat", "cat", "dog", "dog"]
    for each, pixels in zip(found, MADE.values(), strict=True):
        assert (each.pixels == pixels).all()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # it closes nothing
def test_shards_are_those_of_webdataset(places: dict[str, Path]) -> None:
    """What webdataset itself reads of ours has the same keys, pictures and labels."""
    webdataset = pytest.importorskip("webdataset")
    samples = list(webdataset.WebDataset(str(places["tar"]), shardshuffle=False))
    assert [each["__key__"] for each in samples] == list(MADE)
    assert [each["cls"] for each in samples] == [b"cat", b"cat", b"dog", b"dog"]
    assert [each["png"] for each in samples] == [png_bytes(each) for each in MADE.values()]


def test_a_file_is_a_source(places: dict[str, Path]) -> None:
    (found,) = read_pictures(places["folder"] / "train/cat/00.png")
    assert (found.name, found.label) == ("00", None)


def test_an_album_is_of_one_size(places: dict[str, Path]) -> None:
    album = open_album(places["zip"], size=4, within="train/")
    assert album.pixels.shape == (4, 4, 4, 3)
    assert album.classes == ("cat", "dog")
    assert album.labels.tolist() == [0, 0, 1, 1]
    assert [each.label for each in album] == ["cat", "cat", "dog", "dog"]
    assert album.within("train/dog").names == ("train/dog/00", "train/dog/01")
    assert album[:2].names == ("train/cat/00", "train/cat/01")
    assert album[:2].fingerprint != album[2:].fingerprint
    assert open_album(places["folder"], size=4, limit=2).names == ("train/cat/00", "train/dog/01")


def test_a_square_of_the_same_size_keeps_its_pixels(tmp_path: Path) -> None:
    pixels = RNG.integers(0, 256, (6, 10, 3), dtype=np.uint8)
    write_png(pixels, tmp_path / "one.png")
    assert (open_album(tmp_path, size=6).pixels[0] == pixels[:, 2:8]).all()


def test_broken_files_are_told_or_raised(tmp_path: Path) -> None:
    write_png(MADE["train/cat/00"], tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(b"")
    (tmp_path / "c.jpg").write_bytes(b"nothing")
    with pytest.raises(SignalError, match="b is empty"):
        list(read_pictures(tmp_path))
    told: list[str] = []
    found = list(read_pictures(tmp_path, on_broken=lambda error: told.append(str(error))))
    assert [each.name for each in found] == ["a"]
    assert len(told) == 2
    assert told[0] == "b is empty; expected a picture"


def test_sources_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(SignalError, match=r"there is no .*nowhere; expected"):
        list(read_pictures(tmp_path / "nowhere"))
    with pytest.raises(SignalError, match="has no pictures"):
        list(read_pictures(tmp_path))
    for name in ("x.zip", "x.tar"):
        (tmp_path / name).write_bytes(b"neither zip nor tar")
        with pytest.raises(SignalError, match=f"{name} cannot be read"):
            list(read_pictures(tmp_path / name))
    write_png(MADE["train/cat/00"], tmp_path / "a.png")
    with pytest.raises(SignalError, match="has a name in 'test/'"):
        open_album(tmp_path / "a.png", size=4, within="test/")


def test_a_shard_that_was_cut_off(places: dict[str, Path], tmp_path: Path) -> None:
    whole = places["tar"].read_bytes()
    (tmp_path / "cut.tar").write_bytes(whole[:700])
    with pytest.raises(SignalError, match="cut"):
        list(read_pictures(tmp_path / "cut.tar"))


def test_labels_of_shards_may_be_numbers_or_texts(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in (("0001.txt", b"a cat"), ("0001.png", png_bytes(MADE["train/cat/00"]))):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    (tmp_path / "one.tar").write_bytes(buffer.getvalue())
    (found,) = read_pictures(tmp_path / "one.tar")
    assert (found.name, found.label) == ("0001", "a cat")


@pytest.mark.parametrize("name", PHOTOS)
def test_photographs_are_on_every_machine(name: str) -> None:
    found = next(iter(read_pictures(name)))
    assert min(found.size) > 100


def test_tiles_of_large_pictures() -> None:
    large = Picture(RNG.integers(0, 256, (10, 9, 3), dtype=np.uint8), "p", "cat")
    album = Album.of_tiles([large], 4)
    assert album.names == tuple(f"p-{number:04d}" for number in range(4))
    assert (album.pixels[3] == large.pixels[4:8, 4:8]).all()
    with pytest.raises(SignalError, match="tile of 11"):
        Album.of_tiles([large], 11)
    with pytest.raises(SignalError, match="expected some of one size"):
        Album.of([large, Picture(large.pixels[:4])])


def test_only_pixels_are_written(tmp_path: Path) -> None:
    with pytest.raises(SignalError, match="expected \\(height, width, 3\\), uint8"):
        write_png(np.zeros((4, 4, 3), np.float32), tmp_path / "x.png")  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())
