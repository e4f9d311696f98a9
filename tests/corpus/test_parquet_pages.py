"""Large pages of Parquet are read as Arrow reads them, in little memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shares import draw, share
from tokenry import _native
from tokenry.corpus import parquet_pages
from tokenry.corpus.options import ReadOptions
from tokenry.corpus.parquet_headers import DamagedPageError, read_header, read_struct
from tokenry.corpus.parquet_pages import LargePages, hybrid
from tokenry.corpus.readers import read_texts
from tokenry.errors import CorpusError

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")
CODECS = ("NONE", "SNAPPY", "GZIP", "ZSTD")
LETTERS = ["a", "bc", "the ", "中", "😀", "\n", "\0"]


def texts(case: int) -> list[str | None]:
    drawn = draw(f"pages {case}")
    words = ["".join(drawn.choices(LETTERS, k=drawn.randint(0, 200))) for _ in range(40)]
    nulls = drawn.choice([0.0, 0.3])
    return [
        None if drawn.random() < nulls else drawn.choice(words) * drawn.choice([1, 1, 30])
        for _ in range(drawn.randint(1, 300))
    ]


def ways(case: int) -> dict[str, Any]:
    drawn = draw(f"ways {case}")
    return {
        "compression": CODECS[case % 4],
        "use_dictionary": drawn.random() < 0.5,
        "data_page_version": drawn.choice(["1.0", "2.0"]),
        "data_page_size": drawn.choice([100, 1 << 20]),
        "write_batch_size": drawn.choice([7, 1024]),
        "dictionary_pagesize_limit": drawn.choice([500, 1 << 20]),
        "row_group_size": drawn.choice([50, 1000]),
        "store_schema": drawn.random() < 0.5,
    }


@pytest.mark.parametrize("case", range(share(120)))
def test_pages_are_read_as_arrow_reads_them(
    case: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_pages, "LARGE_PAGE", 0)
    monkeypatch.setattr(parquet_pages, "_PIECE", draw(f"piece {case}").choice([64, 1 << 20]))
    kinds = (pyarrow.string(), pyarrow.large_string(), pyarrow.binary())
    field = pyarrow.field("text", kinds[case % 3], nullable=True)
    values = pyarrow.array(texts(case), pyarrow.string()).cast(field.type)
    if not values.null_count:
        field = field.with_nullable(bool(case % 2))
    schema = pyarrow.schema([("other", pyarrow.int32()), field])
    table = pyarrow.table([pyarrow.array(range(len(values)), pyarrow.int32()), values], schema)
    path = tmp_path / "a.parquet"
    parquet.write_table(table, path, **ways(case))
    with path.open("rb") as file:
        assert LargePages.of(file, parquet.read_metadata(path), 0, "text") is not None
    expected = [text.encode() for text in texts(case) if text is not None]
    assert list(read_texts(path, ReadOptions())) == expected


@pytest.mark.parametrize(
    ("values", "written"),
    [
        (["a", "b"], {"compression": "LZ4"}),
        (["a", "b"], {"use_dictionary": False, "column_encoding": "DELTA_LENGTH_BYTE_ARRAY"}),
        ([["a"], ["b"]], {}),
        ([1, 2], {}),
    ],
)
def test_what_is_left_to_arrow(
    values: list[Any], written: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_pages, "LARGE_PAGE", 0)
    path = tmp_path / "a.parquet"
    parquet.write_table(pyarrow.table({"text": values}), path, **written)
    with path.open("rb") as file:
        assert LargePages.of(file, parquet.read_metadata(path), 0, "text") is None
    if values == ["a", "b"]:
        assert list(read_texts(path, ReadOptions())) == [b"a", b"b"]


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("codec", CODECS)
def test_a_damaged_page_is_an_error_or_other_text(
    codec: str, version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_pages, "LARGE_PAGE", 0)
    path = tmp_path / "a.parquet"
    texts = [f"document {number % 9} " * 20 if number % 7 else None for number in range(60)]
    table = pyarrow.table({"text": texts})
    parquet.write_table(table, path, compression=codec, data_page_version=version)
    whole, failed = path.read_bytes(), 0
    body = parquet.read_metadata(path).row_group(0).column(0).total_compressed_size
    for case in range(share(200)):
        drawn = draw(f"damage {case}")
        damaged = bytearray(whole)
        for _ in range(3):
            damaged[4 + drawn.randrange(drawn.choice([40, body]))] = drawn.randrange(256)
        path.write_bytes(damaged)
        try:
            list(read_texts(path, ReadOptions()))
        except CorpusError as error:
            failed += str(path) in str(error)
    assert failed


def test_numbers_in_runs() -> None:
    # A run of four fives, then eight numbers of three bits: 0 to 7 (Encodings.md).
    data = bytes([8, 5, 3, 0x88, 0xC6, 0xFA])
    assert hybrid(data, 3, 12).tolist() == [5, 5, 5, 5, 0, 1, 2, 3, 4, 5, 6, 7]
    assert hybrid(bytes([20]), 0, 10).tolist() == [0] * 10
    with pytest.raises(DamagedPageError):
        hybrid(data, 3, 13)


def test_heads() -> None:
    # Fields 1 (zigzag 3), 3 (true), 20 (a list of two strings).
    data = b"\x15\x06\x21\x09\x28\x28\x01a\x02bc\x00rest"
    assert read_struct(data) == ({1: 3, 3: True, 20: [b"a", b"bc"]}, len(data) - 4)
    with pytest.raises(IndexError):
        read_struct(data[:9])


def test_no_head(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for wrong in (b"", b"\0", b"\x15"):
        path.write_bytes(wrong)
        with path.open("rb") as file, pytest.raises(DamagedPageError, match="no page"):
            read_header(file, 0)


@pytest.mark.parametrize("case", range(share(40)))
def test_snappy_in_stretches(case: int) -> None:
    drawn = draw(f"snappy {case}")
    data = "".join(drawn.choices(LETTERS, k=drawn.randint(1, 3000))).encode() * drawn.randint(1, 90)
    packed = pyarrow.compress(data, codec="snappy", asbytes=True)
    packed = packed[next(i for i, byte in enumerate(packed) if byte < 0x80) + 1 :]
    found, at, size = b"", 0, 1
    while at < len(packed):
        part, taken = _native.unpack_snappy(packed[at : at + size], found)
        found, at = found + part, at + taken
        size = drawn.randint(1, 500) if taken else 2 * size
    assert found == data


def test_snappy_that_reaches_too_far() -> None:
    assert _native.unpack_snappy(b"\x01\x04", b"abcd") == (b"abcd", 2)
    for wrong in (b"\x01\x05", b"\x01\x00", b"\x02\xff\xff"):
        with pytest.raises(ValueError, match="not at hand"):
            _native.unpack_snappy(wrong, b"abcd")


PEAK = """
import resource, sys
from tokenry.corpus.options import ReadOptions
from tokenry.corpus.readers import read_texts
list(read_texts(sys.argv[2], ReadOptions()))
start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
count = 0
for text in read_texts(sys.argv[1], ReadOptions()):
    count += len(text)
    del text
print(count, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start) >> 10)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the unit of ru_maxrss")
@pytest.mark.parametrize("dictionary", [True, False])
@pytest.mark.parametrize("size", [20, pytest.param(100, marks=pytest.mark.slow)])
def test_memory_is_that_of_a_document_not_of_a_page(
    size: int, dictionary: bool, tmp_path: Path
) -> None:
    letters = np.random.default_rng(0).integers(97, 123, size << 20, np.uint8).tobytes()
    texts = [letters[place:] + letters[:place] for place in range(5)]
    path, small = tmp_path / "a.parquet", tmp_path / "b.parquet"
    table = pyarrow.table({"text": pyarrow.array(texts, pyarrow.large_binary())})
    parquet.write_table(table, path, use_dictionary=dictionary)
    parquet.write_table(pyarrow.table({"text": ["a"]}), small)
    done = subprocess.run(
        [sys.executable, "-c", PEAK, str(path), str(small)], capture_output=True, check=True
    )
    count, peak = map(int, done.stdout.split())
    assert count == 5 * (size << 20)
    assert peak <= 2.5 * size + 30  # MB; with Arrow ten times the size and more
