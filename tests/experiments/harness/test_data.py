"""The folder of data: packed like unpacked, and what is said where something is missing."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from experiments.harness.data import Data
from tokenry.errors import CorpusError


def test_reads_packed_data_like_unpacked(data: Path, tmp_path: Path) -> None:
    packed, scratch = tmp_path / "packed", tmp_path / "scratch"
    packed.mkdir()
    scratch.mkdir()
    with tarfile.open(packed / "text.tar.xz", "w:xz") as archive:
        archive.add(data / "text", "text")
    read, other = Data(packed, scratch), Data(data, scratch)
    assert read.file("text/a.txt").read_text() == "x\ny\nz\n"
    assert other.files("text", "*.txt")[0].name == "a.txt"
    assert read.fingerprint() == other.fingerprint()
    assert not list(packed.glob("text/*"))


@pytest.mark.parametrize("name", ["text/a.txt", "../a.txt"])
def test_unpacks_without_the_filters_of_later_pythons(
    name: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(tarfile, "data_filter", raising=False)
    packed, scratch = tmp_path / "packed", tmp_path / "scratch"
    packed.mkdir()
    scratch.mkdir()
    with tarfile.open(packed / "text.tar.xz", "w:xz") as archive:
        archive.add(data / "text" / "a.txt", name)
    if name.startswith(".."):
        with pytest.raises(CorpusError, match="inside"):
            Data(packed, scratch).file("text/a.txt")
        assert not (tmp_path / "a.txt").exists()
    else:
        assert Data(packed, scratch).file(name).read_text() == "x\ny\nz\n"


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda data: data.folder("nowhere"), "has no nowhere/ and no nowhere.tar.xz"),
        (lambda data: data.file("text/b.txt"), "b.txt is missing"),
        (lambda data: data.files("text", "*.xml"), r"has no \*.xml"),
    ],
)
def test_says_what_data_are_missing(data: Path, tmp_path: Path, ask: object, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        ask(Data(data, tmp_path))  # type: ignore[operator]
