"""Tables: cells, signs, schemas, parquet, and what is ragged or cut off."""

from __future__ import annotations

import io
from itertools import pairwise

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tokenry.domains import learn
from tokenry.domains.domain_tokenizer import RAW, REST
from tokenry.domains.parsed import of_sections
from tokenry.domains.tables.domain import Tables
from tokenry.errors import DomainError

pytestmark = pytest.mark.filterwarnings("ignore::tokenry.SmallerVocabularyWarning")


def cells(parsed_run: bytes, bounds: list[int]) -> list[bytes]:
    return [parsed_run[a:b] for a, b in pairwise(bounds)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'a,b\n1,"x,y"\n', [b"a", b"b", b"1", b'"x,y"']),
        (b"a\tb\r\n1\t2\r\n", [b"a", b"b", b"1", b"2"]),
        (b'[{"a": 1.5, "b": "x,{"}]', [b'"a"', b"1.5", b'"b"', b'"x,{"']),
        (b'{"a": "\\"}"}\n{"a": null}\n', [b'"a"', b'"\\"}"', b'"a"', b"null"]),
        (b"| a  | b |\n|----|---|\n| 1 | x y |\n", [b"a", b"b", b"----", b"---", b"1", b"x y"]),
    ],
)
def test_no_piece_crosses_a_cell(data: bytes, expected: list[bytes]) -> None:
    parsed = Tables().read(data)
    assert cells(parsed.run, parsed.bounds().tolist()) == expected
    assert Tables().write(parsed) == data


def test_a_separator_in_a_cell_is_another_id() -> None:
    tokenizer = learn(Tables(), [b"a,b\n1,2\n"], vocab_size=275)
    ids = tokenizer.encode(b'a,b\n1,"2,3"\n').tolist()
    mark = tokenizer.tokenizer.pipeline.specials()["<|tables.cell|>"]
    comma = tokenizer.tokenizer.vocabulary.id_of(b",")
    body = ids[: ids.index(REST)]
    assert (body.count(mark), body.count(comma)) == (2, 1)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a,b\n1,2,3\n", "row 2 has 3 cells and the first 2; 1 rows are ragged"),
        (b'a,b\n1,"2\n', "quote at byte 6 is not closed"),
        (b'{"a": 1', "1 are open at the end"),
    ],
)
def test_what_is_no_table_is_named_and_taken_as_bytes(data: bytes, message: str) -> None:
    with pytest.raises(DomainError, match=message):
        Tables().read(data)
    tokenizer = learn(Tables(), [b"a,b\n"], vocab_size=270)
    ids = tokenizer.encode(data)
    assert ids[0] == RAW
    assert tokenizer.decode(ids) == data


@pytest.mark.parametrize(
    "data",
    [
        b"name,age,ok\nAda,36,true\nBob,4.5,false\n",
        b'[{"name": "Ada", "age": 36, "ok": true}, {"name": "Bob", "age": 4.5, "ok": false}]',
        b"| name | age | ok |\n|---|---|---|\n| Ada | 36 | true |\n| Bob | 4.5 | false |\n",
    ],
)
def test_the_schema_is_names_and_kinds_alone(data: bytes) -> None:
    domain = Tables(view="schema")
    assert not domain.lossless
    parsed = domain.read(data)
    assert b"Ada" not in parsed.run
    assert domain.write(parsed) == b"name,age,ok\ntext,number,boolean\n"
    with pytest.raises(DomainError, match="no table with named columns"):
        domain.read(b"")


def parquet(**options: object) -> bytes:
    table = pa.table({"name": ["Ada", None, "Bob"], "age": [36, 4, 5], "raw": [b"\xff", b"", None]})
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    return out.getvalue()


@pytest.mark.parametrize("options", [{}, {"compression": "zstd"}, {"use_dictionary": False}])
def test_parquet_comes_back_byte_for_byte(options: dict[str, object]) -> None:
    data = parquet(**options)
    parsed = Tables().read(data)
    assert b'"Ada"' in parsed.run
    assert Tables().write(parsed) == data
    # Only what cannot be written again stands aside as it is.
    assert (len(parsed.residue) < len(data) / 2) == ("use_dictionary" not in options)
    rows = Tables(parquet="cells")
    assert rows.write(rows.read(data)).count(b"\n") == 3


def test_a_damaged_parquet_is_named() -> None:
    with pytest.raises(DomainError, match="no parquet file, or a damaged one"):
        Tables().read(parquet()[:-9])


def test_what_a_model_writes_is_csv_or_json() -> None:
    assert Tables().write(of_sections([(-1, b"a"), (0, b"b"), (1, b"1")])) == b"a,b\n1"
    assert Tables().write(of_sections([(2, b'"a"'), (6, b"1"), (3, b"")])) == b'{"a":1}'
