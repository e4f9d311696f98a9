"""The documents of experiments."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.harness.corpora import (
    DOMAINS,
    FOLDERS,
    Languages,
    Sides,
    blocks,
    declarations,
    first_bytes,
    flores,
    passages,
    size_of,
    split,
)
from experiments.harness.data import Data
from experiments.harness.registry import EXPERIMENTS
from experiments.harness.run import run_experiment
from tokenry.errors import CorpusError


def test_passages_make_up_the_text() -> None:
    text = "line one\n\n" * 50 + "an end without a line break"
    parts = passages(text, 60)
    assert "".join(parts) == text
    assert max(map(len, parts)) < 80


def test_sides_share_nothing() -> None:
    learn, held = split([f"document {i % 700}" for i in range(1_000)], held=0.2)
    assert not set(learn) & set(held)
    assert len(learn) + len(held) == 700
    assert 90 < len(held) < 190
    assert first_bytes(["abc", "äö", "x"], 4) == ["abc", "äö"]


@pytest.mark.shared
def test_every_domain_has_documents(shared_data: Path, tmp_path: Path) -> None:
    data = Data(shared_data, tmp_path)
    for folder in FOLDERS:
        assert data.folder(folder).is_dir()
    for name, read in DOMAINS.items():
        documents = read(data)
        assert len(documents) >= 100, name
        assert all(isinstance(each, str) and each for each in documents), name
    lines = flores(data)
    assert len(lines) >= 60
    assert {len(each) for each in lines.values()} == {997}


@pytest.mark.shared
def test_sides_of_domains(shared_data: Path, tmp_path: Path) -> None:
    sides = Sides.of(Data(shared_data, tmp_path), ("maths", "code"), limit=20_000, held=5_000)
    assert list(sides.learnt) == list(sides.held) == ["maths", "code"]
    assert 40_000 <= size_of(sides.all_learnt) < 50_000
    assert 10_000 <= size_of(sides.all_held) < 20_000
    assert not set(sides.all_learnt) & set(sides.all_held)
    joined = sides.joined("both")
    assert joined.learnt["both"] == sides.all_learnt
    assert joined.held["both"] == sides.held["maths"] + sides.held["code"]


def test_neighbours_stay_together() -> None:
    lines = [f"line {i}" for i in range(25)]
    assert [each.count("\n") for each in blocks(lines)] == [9, 9, 4]
    assert "\n".join(blocks(lines)).split("\n") == lines


def test_a_language_that_is_missing_is_named() -> None:
    found = Languages({"deu_Latn": ["ja"]}, "data/flores_dev")
    assert found["deu_Latn"] == ["ja"]
    with pytest.raises(CorpusError, match="data/flores_dev has no eng_Latn, only deu_Latn"):
        found["eng_Latn"]


@pytest.mark.parametrize("id_", ["S037", "S065", "S083", "S057", "parity"])
def test_experiments_name_the_language_that_a_folder_lacks(id_: str, tmp_path: Path) -> None:
    if EXPERIMENTS[id_].extra == "neural":
        pytest.importorskip("torch")
    for folder in ("flores_dev", "udhr", "tokenizers"):
        (tmp_path / folder).mkdir()
    (tmp_path / "flores_dev" / "xyz_Latn.txt").write_text("a\nb\n")
    (tmp_path / "text").mkdir()
    for name in ("english_books", "multilingual"):
        (tmp_path / "text" / f"{name}.txt").write_text("words\n" * 50)
    with pytest.raises(CorpusError, match=r"has no (eng|por|kor)_.*, only xyz_Latn"):
        run_experiment(EXPERIMENTS[id_], tmp_path, size="small")


@pytest.mark.shared
def test_declarations_are_whole(shared_data: Path, tmp_path: Path) -> None:
    found = declarations(Data(shared_data, tmp_path))
    assert {"eng_Latn", "por_Latn", "zho_Hans", "zho_Hant", "kor_Hang"} <= set(found)
    assert all(text.count("\n") > 70 for text in found.values())
    assert "All human beings are born free" in found["eng_Latn"]
