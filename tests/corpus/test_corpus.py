"""Documents from files, folders, globs and memory; domains; what is refused."""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tokenry.corpus import Corpus, Document, ReadOptions, as_corpus
from tokenry.errors import CorpusError, MissingExtraError

TEXT = "Grüße, 世界!\nsecond line\n"


def texts(corpus: Corpus) -> list[str]:
    return [document.data.decode() for document in corpus]


def zstd(data: bytes) -> bytes:
    return bytes(pytest.importorskip("zstandard").ZstdCompressor().compress(data))


def parquet(path: Path, **columns: object) -> bytes:
    pyarrow = pytest.importorskip("pyarrow")
    pytest.importorskip("pyarrow.parquet").write_table(pyarrow.table(columns), path)
    return path.read_bytes()


PACK: dict[str, Callable[[bytes], bytes]] = {"": bytes, ".gz": gzip.compress, ".zst": zstd}


@pytest.mark.parametrize("packing", PACK)
@pytest.mark.parametrize("suffix", [".txt", ".py", ".md", ".rst", ".c", ".unheardof", ""])
def test_text_files(suffix: str, packing: str, tmp_path: Path) -> None:
    path = tmp_path / f"file{suffix}{packing}"
    path.write_bytes(PACK[packing](TEXT.encode()))
    corpus = Corpus.from_paths(path)
    assert texts(corpus) == [TEXT]
    assert texts(corpus) == [TEXT]  # read a second time
    assert next(iter(corpus)).source == str(path)


@pytest.mark.parametrize("packing", PACK)
def test_jsonl(packing: str, tmp_path: Path) -> None:
    lines = [{"text": TEXT, "other": "x"}, {"text": "two \ud800"}, {"text": ""}]
    path = tmp_path / f"records.jsonl{packing}"
    data = "\n\n".join(json.dumps(line) for line in lines)
    path.write_bytes(PACK[packing](data.encode()))
    corpus = Corpus.from_paths(path)
    assert texts(corpus) == [TEXT, "two \ufffd"]
    assert [document.source for document in corpus] == [f"{path}:1", f"{path}:2"]


@pytest.mark.parametrize("packing", PACK)
def test_parquet(packing: str, tmp_path: Path) -> None:
    data = parquet(tmp_path / "raw", text=[TEXT, None, "two"], raw=[b"\xff\xfe", b"", None])
    path = tmp_path / f"table.parquet{packing}"
    path.write_bytes(PACK[packing](data))
    assert texts(Corpus.from_paths(path)) == [TEXT, "two"]
    raw = Corpus.from_paths(path, ReadOptions(column="raw"))
    assert [document.data for document in raw] == [b"\xff\xfe"]


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("file", ["a\r\nb\n\n \nc\n\n\nd"]),
        ("line", ["a", "b", " ", "c", "d"]),
        ("paragraph", ["a\r\nb", "c", "d"]),
        ("block", ["a\r\nb\n\n \nc\n\n\nd"]),
    ],
)
@pytest.mark.parametrize("packing", PACK)
def test_units(unit: str, expected: list[str], packing: str, tmp_path: Path) -> None:
    path = tmp_path / f"f.txt{packing}"
    path.write_bytes(PACK[packing](b"a\r\nb\n\n \nc\n\n\nd"))
    corpus = Corpus.from_paths(path, ReadOptions(unit=unit))
    assert texts(corpus) == expected


@pytest.mark.parametrize("packing", PACK)
def test_units_of_a_long_file(packing: str, tmp_path: Path) -> None:
    lines = [f"line {i} " + "x" * (i % 90) + "\n" * (1 + (i % 7 == 0)) for i in range(9000)]
    data = "".join(lines)
    path = tmp_path / f"f.txt{packing}"
    path.write_bytes(PACK[packing](data.encode()))

    def read(unit: str) -> list[str]:
        return texts(Corpus.from_paths(path, ReadOptions(unit=unit)))

    assert read("line") == [line for line in data.split("\n") if line]
    assert [part.strip("\n") for part in read("paragraph")] == data.strip("\n").split("\n\n")
    blocks = read("block")
    assert "".join(blocks) == data
    assert all(block.endswith("\n") and 60_000 < len(block) < 70_000 for block in blocks[:-1])


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    files = {
        "b/two.txt": b"two",
        "b/deep/three.md": b"three",
        "a/one.py": b"one",
        "zero.txt": b"zero",
        "empty.txt": b"",
        "image.png": b"\x89PNG\0\0",
        ".hidden": b"hidden",
        ".git/config": b"hidden",
    }
    for name, data in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path


def test_a_folder(tree: Path) -> None:
    corpus = Corpus.from_paths(tree)
    found = [(d.data.decode(), d.domain) for d in corpus]
    assert found == [("zero", "zero"), ("one", "a"), ("two", "b"), ("three", "b")]
    assert corpus.domains() == ("a", "b", "zero")
    assert as_corpus(str(tree)).files == corpus.files
    assert "hidden" in texts(Corpus.from_paths(tree, ReadOptions(hidden=True)))


@pytest.mark.parametrize(
    ("rule", "domains"),
    [
        ("folder", ["a", "b", "b"]),
        ("file", ["one", "two", "three"]),
        ("kind", ["python", "text", "markdown"]),
    ],
)
def test_domains(rule: str, domains: list[str], tree: Path) -> None:
    corpus = Corpus.from_paths(tree, ReadOptions(domain=rule))
    assert [document.domain for document in corpus][1:] == domains


def test_many_files_are_grouped_by_kind(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number:02}.txt").write_text(str(number))
    assert Corpus.from_paths(tmp_path).domains() == ("text",)
    assert len(Corpus.from_paths([tmp_path / f"{n:02}.txt" for n in range(3)]).domains()) == 3


def test_globs_and_repetition(tree: Path) -> None:
    assert texts(Corpus.from_paths(f"{tree}/**/*.txt")) == ["two", "zero"]
    again = Corpus.from_paths([tree / "zero.txt", tree, f"{tree}/*.txt"])
    assert sorted(texts(again)) == ["one", "three", "two", "zero"]


def test_texts_from_memory() -> None:
    def start() -> Iterator[str]:
        yield "a"
        yield ""

    assert texts(as_corpus(["a", b"b", "", Document(b"c", "here", "d")])) == ["a", "b", "c"]
    for corpus in (as_corpus(iter(["a"])), as_corpus(start)):
        assert texts(corpus) == texts(corpus) == ["a"]
    assert [d.domain for d in as_corpus([Document(b"c", "here", "d"), "x"])] == ["d", "text"]
    with pytest.raises(CorpusError, match="int"):
        list(as_corpus([5]))


def test_missing_and_empty(tmp_path: Path) -> None:
    for paths in (tmp_path / "no", f"{tmp_path}/*.x", tmp_path, []):
        with pytest.raises(CorpusError):
            Corpus.from_paths(paths)


def refused(path: Path, options: ReadOptions | None = None) -> str:
    with pytest.raises(CorpusError) as error:
        list(Corpus.from_paths(path, options))
    assert str(path) in str(error.value)
    return str(error.value)


def test_a_named_binary_file_is_refused(tree: Path) -> None:
    assert "binary" in refused(tree / "image.png")
    (tree / "utf16.txt").write_text("text", encoding="utf-16")
    assert "UTF-16" in refused(tree / "utf16.txt")
    (tree / "b.bin.gz").write_bytes(gzip.compress(b"a\0b"))
    assert "binary" in refused(tree / "b.bin.gz")


def test_bytes_that_are_not_utf8_stay(tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes("Grüße".encode("latin-1"))
    assert [d.data for d in Corpus.from_paths(tmp_path)] == ["Grüße".encode("latin-1")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file(tree: Path) -> None:
    (tree / "zero.txt").chmod(0)
    assert "ermission" in refused(tree / "zero.txt")


def test_damaged_files(tmp_path: Path) -> None:
    whole = gzip.compress(os.urandom(5000))
    for name, data in {
        "a.txt.gz": b"plain",
        "b.txt.gz": whole[:3000],
        "c.txt.zst": b"plain",
        "d.parquet": b"plain",
        "e.jsonl": b'{"text": "a"}\n{"text": ',
        "f.jsonl": b'{"text": 5}',
        "g.jsonl": b'["text"]',
    }.items():
        (tmp_path / name).write_bytes(data)
        refused(tmp_path / name)


def test_a_wrong_field_or_column_names_those_there_are(tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text('{"body": "a", "id": 1}')
    assert "'body', 'id'" in refused(tmp_path / "r.jsonl")
    parquet(tmp_path / "t.parquet", body=["a"], id=[1])
    assert "'body', 'id'" in refused(tmp_path / "t.parquet")
    assert "int" in refused(tmp_path / "t.parquet", ReadOptions(column="id"))


@pytest.mark.parametrize(
    ("package", "name"), [("pyarrow", "t.parquet"), ("zstandard", "t.txt.zst")]
)
def test_missing_extras(
    package: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / name).write_bytes(b"x")
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=package):
        list(Corpus.from_paths(tmp_path / name))


def test_options_are_checked() -> None:
    for options in ({"unit": "word"}, {"domain": "x"}):
        with pytest.raises(CorpusError, match="expected one of"):
            ReadOptions(**options)


def test_one_text_where_many_belong_is_an_error_that_says_so() -> None:
    with pytest.raises(CorpusError, match="put it into a list"):
        Corpus.from_texts("a text")
