"""Readers of gold segmentations."""

from __future__ import annotations

from pathlib import Path

import pytest

from tokenry.errors import FormatError
from tokenry.measuring.gold_morphs import (
    GoldWord,
    read_morphscore,
    read_morphynet,
    read_sigmorphon,
)


def write(folder: Path, text: str) -> Path:
    path = folder / "gold"
    path.write_text(text, encoding="utf-8")
    return path


def test_sigmorphon(tmp_path: Path) -> None:
    path = write(tmp_path, "strides\tstride @@s\t100\n\nabdomen\tabdomen\n")
    assert read_sigmorphon(path) == [
        GoldWord("strides", ("stride", "s"), "100"),
        GoldWord("abdomen", ("abdomen",)),
    ]


def test_morphscore(tmp_path: Path) -> None:
    path = write(tmp_path, ",full_word,pt1,rest\n0,evler,ev,ler\n1,evim,evim,\n")
    assert read_morphscore(path) == [
        GoldWord("evler", ("ev", "ler"), partial=True),
        GoldWord("evim", ("evim",), partial=True),
    ]


def test_morphynet(tmp_path: Path) -> None:
    text = "moral\tamoral\tJ\tJ\ta\tprefix\naxe\taxing\tN\tV\ting\tsuffix\n"
    assert read_morphynet(write(tmp_path, text + "go\tgoes\tV\tgo|es\nun\tun\tN\t-\n")) == [
        GoldWord("amoral", ("a", "moral"), "prefix", partial=True),
        GoldWord("axing", ("axe", "ing"), "suffix", partial=True),
        GoldWord("goes", ("go", "es"), "V"),
    ]


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="line 2: 1 columns"):
        read_sigmorphon(write(tmp_path, "a\tb\nonly\n"))
    with pytest.raises(FormatError, match="full_word, pt1 and rest"):
        read_morphscore(write(tmp_path, "a,b\n1,2\n"))
    with pytest.raises(FormatError, match="nothere"):
        read_morphynet(tmp_path / "nothere")


@pytest.mark.shared
def test_all_shared_files(shared_data: Path) -> None:
    folder = shared_data / "morphology"
    for path in folder.glob("sigmorphon2022seg/*.word.*.tsv"):
        assert len(read_sigmorphon(path)) > 1_000
    for path in folder.glob("morphscore/*.csv"):
        assert len(read_morphscore(path)) > 50
    for path in folder.glob("morphynet/*.tsv"):
        assert len(read_morphynet(path)) > 50
