from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenry.corpus.passages import COLLECTION_BYTES, PASSAGE_BYTES, passages, reader
from tokenry.errors import CorpusError


def test_files_are_documents_and_large_files_are_passages(tmp_path: Path) -> None:
    line = "A line of a book that goes on for a while.\n"
    book = (line * 5 + "\n") * (COLLECTION_BYTES // 200)
    (tmp_path / "book.txt").write_text(book)
    (tmp_path / "note.txt").write_text("short")
    read = reader([str(tmp_path)])
    by_domain: dict[str, list[bytes]] = {}
    for document in read():
        by_domain.setdefault(document.domain, []).append(document.data)
    assert by_domain["note"] == [b"short"]
    assert b"".join(by_domain["book"]) == book.encode()
    assert len(by_domain["book"]) > 30
    assert [document.data for document in read()] == [document.data for document in read()]


@given(st.binary(max_size=300), st.integers(1, 200))
def test_passages_join_to_the_text_and_are_small(unit: bytes, times: int) -> None:
    text = unit * times
    parts = list(passages(text))
    assert b"".join(parts) == text
    assert all(0 < len(part) <= PASSAGE_BYTES for part in parts)


def test_passages_never_cut_a_character() -> None:
    for part in passages(("東" * 20_000).encode()):
        part.decode()


def test_no_such_data(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="does not exist"):
        reader([str(tmp_path / "nothing")])


def test_several_folders_of_many_files_are_domains(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        for i in range(10):
            (tmp_path / name / f"{i}.txt").write_text(f"{name} {i}")
    found = reader([str(tmp_path / "one"), str(tmp_path / "two")])()
    assert [document.domain for document in found] == ["one"] * 10 + ["two"] * 10


def test_what_the_study_writes_is_no_data_of_it(tmp_path: Path) -> None:
    (tmp_path / "out" / "tokenizers").mkdir(parents=True)
    (tmp_path / "out" / "tokenizers" / "a.json").write_text("{}")
    (tmp_path / "outside.txt").write_text("text")
    found = reader([str(tmp_path)], without=tmp_path / "out")()
    assert [document.data for document in found] == [b"text"]
