from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from tokenry.corpus import Corpus, ReadOptions
from tokenry.corpus.readers import read_texts
from tokenry.errors import CorpusError

TEXTS = ["first", "zweiter é 中", "third\n"]


def tar(path: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz" if path.suffix == ".gz" else "w") as archive:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


@pytest.mark.parametrize("kind", ["stream", "file"])
def test_arrow(tmp_path: Path, kind: str) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    table = pyarrow.table({"text": [*TEXTS, None], "other": [1, 2, 3, 4]})
    opened = getattr(pyarrow.ipc, f"new_{kind}")
    with opened(str(tmp_path / "a.arrow"), table.schema) as writer:
        writer.write_table(table, max_chunksize=2)
    found = list(read_texts(tmp_path / "a.arrow", ReadOptions()))
    assert found == [text.encode() for text in TEXTS]
    with pytest.raises(CorpusError, match="no column 'body'; it has 'text', 'other'"):
        list(read_texts(tmp_path / "a.arrow", ReadOptions(column="body")))
    (tmp_path / "b.arrow").write_bytes(b"ARROW1 is not all of it")
    with pytest.raises(CorpusError, match=r"b\.arrow as Arrow"):
        list(read_texts(tmp_path / "b.arrow", ReadOptions()))


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz"])
def test_webdataset(tmp_path: Path, name: str) -> None:
    members = {
        "x/0.txt": b"first", "x/0.png": b"\x89PNG\0", "x/1.json": b'{"text": "second", "n": 1}',
        "x/2.text": b"third", "x/3.caption.txt": b"a caption", "x/4.npy": b"\0\0",
    }  # fmt: skip
    path = tar(tmp_path / name, members)
    assert list(read_texts(path, ReadOptions())) == [b"first", b"second", b"third"]
    assert [document.data for document in Corpus.from_paths(tmp_path)] == [
        b"first", b"second", b"third"
    ]  # fmt: skip


def test_a_member_without_the_field_and_a_broken_tar(tmp_path: Path) -> None:
    path = tar(tmp_path / "a.tar", {"0.caption.txt": b"a caption", "0.json": b'{"n": 1}'})
    with pytest.raises(CorpusError, match=r"a\.tar, member 0\.json has no field 'caption'"):
        list(read_texts(path, ReadOptions(field="caption")))
    path = tar(tmp_path / "b.tar", {"0.caption.txt": b"a caption", "0.jpg": b"\0"})
    assert list(read_texts(path, ReadOptions(field="caption"))) == [b"a caption"]
    path.write_bytes(b"x" * 3000)
    with pytest.raises(CorpusError, match=r"b\.tar as tar"):
        list(read_texts(path, ReadOptions()))


@pytest.mark.parametrize(
    "kind", ["string", "large_string", "string_view", "binary", "large_binary", "dictionary"]
)
@pytest.mark.parametrize("suffix", ["parquet", "arrow"])
def test_texts_of_every_layout(tmp_path: Path, kind: str, suffix: str) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    values = pyarrow.array(["left out", *TEXTS, None, "", "x" * 99])
    plain = kind == "dictionary"
    values = values.dictionary_encode() if plain else values.cast(getattr(pyarrow, kind)())
    table = pyarrow.table({"text": values.slice(1)})
    path = tmp_path / f"a.{suffix}"
    if suffix == "parquet":
        pytest.importorskip("pyarrow.parquet").write_table(table, path, row_group_size=3)
    else:
        with pyarrow.ipc.new_file(str(path), table.schema) as writer:
            writer.write_table(table)
    expected = [text.encode() for text in [*TEXTS, "", "x" * 99]]
    assert list(read_texts(path, ReadOptions())) == expected


def test_what_is_no_text(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    pyarrow = pytest.importorskip("pyarrow")
    for name, values in (("numbers", [1, 2]), ("lists", [["a"], None])):
        parquet.write_table(pyarrow.table({"text": values}), tmp_path / f"{name}.parquet")
        with pytest.raises(CorpusError, match=r"holds .*, expected text or bytes"):
            list(read_texts(tmp_path / f"{name}.parquet", ReadOptions()))
    parquet.write_table(
        pyarrow.table({"text": pyarrow.nulls(3, pyarrow.int32())}), tmp_path / "none.parquet"
    )
    assert list(read_texts(tmp_path / "none.parquet", ReadOptions())) == []
    found = list(read_texts(tmp_path / "lists.parquet", ReadOptions(content="json")))
    assert found == [b'["a"]']


def test_large_documents_wait_until_arrow_has_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    pyarrow = pytest.importorskip("pyarrow")
    texts = [str(number) * (number * 7 % 11) for number in range(50)]
    path = tmp_path / "a.parquet"
    parquet.write_table(pyarrow.table({"text": texts}), path, row_group_size=8)
    monkeypatch.setattr("tokenry.corpus.records._LARGE", 15)
    monkeypatch.setattr("tokenry.corpus.records._DECODED", 100)
    assert list(read_texts(path, ReadOptions())) == [text.encode() for text in texts]
