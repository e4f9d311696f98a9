"""The documents of experiments."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.harness.corpora import DOMAINS, FOLDERS, first_bytes, flores, passages, split
from experiments.harness.data import Data


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
