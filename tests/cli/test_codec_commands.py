import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import tokenry
from tokenry.cli.app import app

runner = CliRunner()
HOSTILE = "naïve 東京 👩‍👩‍👧\r\n\t<|end|> \u200b".encode() + b"\xff\xfe\0 end"


def invoke(*args: object, data: bytes = b"") -> bytes:
    result = runner.invoke(app, [str(arg) for arg in args], input=data)
    assert result.exit_code == 0, result.output
    return result.stdout_bytes


def test_encode_prints_the_ids_of_the_library(tokenizer_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(HOSTILE)
    expected = tokenry.load(tokenizer_folder).encode(HOSTILE)
    out = invoke("encode", tokenizer_folder, tmp_path / "a.txt")
    assert [int(word) for word in out.split()] == expected
    found = json.loads(invoke("encode", tokenizer_folder, "-", "--json", data=HOSTILE))
    assert found == {"file": "-", "ids": expected}
    raw = invoke("encode", tokenizer_folder, "--raw", data=HOSTILE)
    assert np.frombuffer(raw, dtype="<u4").tolist() == expected


@pytest.mark.parametrize("form", [[], ["--json"], ["--raw"]])
def test_decode_undoes_encode_to_the_byte(tokenizer_folder: Path, form: list[str]) -> None:
    ids = invoke("encode", tokenizer_folder, *form, data=HOSTILE)
    raw = [each for each in form if each == "--raw"]
    assert invoke("decode", tokenizer_folder, *raw, data=ids) == HOSTILE


def test_specials_are_text_unless_they_are_allowed(tokenizer_folder: Path) -> None:
    text = b"the<|end|>cat"
    special = tokenry.load(tokenizer_folder).encode_single_token("<|end|>")
    plain = invoke("encode", tokenizer_folder, data=text).split()
    assert str(special).encode() not in plain
    for name in ("<|end|>", "all"):
        found = invoke("encode", tokenizer_folder, "--allow-special", name, data=text).split()
        assert str(special).encode() in found
        counted = invoke("count", tokenizer_folder, "--allow-special", name, "--json", data=text)
        assert json.loads(counted)["tokens"] == len(found)


def test_count_adds_up(tokenizer_folder: Path, tmp_path: Path) -> None:
    texts = {"a.txt": b"the cat", "b.txt": b"", "c.txt": HOSTILE}
    for name, text in texts.items():
        (tmp_path / name).write_bytes(text)
    files = [tmp_path / name for name in texts]
    found = json.loads(invoke("count", tokenizer_folder, *files, "--json"))
    tokenizer = tokenry.load(tokenizer_folder)
    assert [row["tokens"] for row in found["files"]] == [
        tokenizer.count(text) for text in texts.values()
    ]
    assert found["tokens"] == sum(row["tokens"] for row in found["files"])
    assert found["bytes"] == sum(map(len, texts.values()))
    lines = invoke("count", tokenizer_folder, *files).decode().splitlines()
    assert len(lines) == 4
    assert lines[-1].endswith("total")


def test_empty_input(tokenizer_folder: Path) -> None:
    assert invoke("encode", tokenizer_folder) == b"\n"
    assert invoke("encode", tokenizer_folder, "--raw") == b""
    assert json.loads(invoke("encode", tokenizer_folder, "--json"))["ids"] == []
    assert invoke("decode", tokenizer_folder) == b""
    assert json.loads(invoke("count", tokenizer_folder, "--json"))["tokens"] == 0


@pytest.mark.parametrize(
    ("data", "raw", "message"),
    [
        (b"1 2 x", False, "'x' is no id"),
        (b"[1, -2]", False, "JSON list of ids"),
        (b"[1, true]", False, "JSON list of ids"),
        (b'{"ids": 3}', False, "JSON list of ids"),
        (b"[1,", False, "not the JSON"),
        (b"99999999", False, "99999999"),
        (b"abc", True, "no whole number"),
    ],
)
def test_ids_that_are_none(tokenizer_folder: Path, data: bytes, raw: bool, message: str) -> None:
    args = ["decode", str(tokenizer_folder), *(["--raw"] if raw else [])]
    result = runner.invoke(app, args, input=data)
    assert result.exit_code == 2
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_specials_of_rank_files_are_known_or_named(tokenizer_files: Path, tmp_path: Path) -> None:
    known = tokenizer_files / "cl100k_base.tiktoken"
    options = ("--allow-special", "all", "--json")
    text = b"a<|endoftext|>b"
    assert json.loads(invoke("count", known, *options, data=text))["tokens"] == 3
    other = tmp_path / "mine.tiktoken"
    tokenry.load(known).to_tiktoken(other, sample=["a"])
    named = invoke(
        "encode", f"{other}:cl100k", "--special", "<|end|>=100300", *options, data=b"<|end|>"
    )
    assert json.loads(named)["ids"] == [100300]
    result = runner.invoke(app, ["count", str(known), "--special", "<|end|>"], input=b"")
    assert result.exit_code == 2
    assert "expected NAME=ID" in result.output


def test_count_and_encode_read_what_learn_reads(tokenizer_folder: Path, tmp_path: Path) -> None:
    tokenizer = tokenry.load(tokenizer_folder)
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "a.txt").write_bytes(b"the cat")
    (texts / "b.txt.gz").write_bytes(gzip.compress(HOSTILE))
    records = "".join(json.dumps({"body": text}) + "\n" for text in ("the mat", "the log again"))
    (texts / "c.jsonl.gz").write_bytes(gzip.compress(records.encode()))
    expected = {
        "a.txt": tokenizer.count("the cat"),
        "b.txt.gz": tokenizer.count(HOSTILE),
        "c.jsonl.gz": tokenizer.count("the mat") + tokenizer.count("the log again"),
    }
    found = json.loads(invoke("count", tokenizer_folder, texts, "--field", "body", "--json"))
    assert {Path(row["file"]).name: row["tokens"] for row in found["files"]} == expected
    assert found["bytes"] == len(b"the cat" + HOSTILE + b"the mat" + b"the log again")
    lines = invoke("encode", tokenizer_folder, texts / "c.jsonl.gz", "--field", "body").splitlines()
    assert [[int(word) for word in line.split()] for line in lines] == [
        tokenizer.encode("the mat"), tokenizer.encode("the log again")
    ]  # fmt: skip
    packed = (texts / "b.txt.gz").read_bytes()
    raw = invoke("count", tokenizer_folder, texts / "b.txt.gz", "--bytes", "--json")
    assert json.loads(raw)["bytes"] == len(packed)
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pyarrow.table({"text": ["the mat"]}), tmp_path / "d.parquet")
    found = json.loads(invoke("count", tokenizer_folder, tmp_path / "d.parquet", "--json"))
    assert found["tokens"] == tokenizer.count("the mat")


def test_what_cannot_be_read_is_named(tokenizer_folder: Path, tmp_path: Path) -> None:
    broken, empty = tmp_path / "a.txt.gz", tmp_path / "empty"
    broken.write_bytes(b"no gzip")
    empty.mkdir()
    (tmp_path / "b.jsonl").write_text('{"body": "x"}\n')
    for path, words in (
        (broken, "--bytes takes it as it is"),
        (empty, "holds no text files"),
        (tmp_path / "b.jsonl", "has no field 'text'"),
    ):
        result = runner.invoke(app, ["count", str(tokenizer_folder), str(path)])
        assert result.exit_code == 2
        assert words in " ".join(result.output.split())


def test_out_is_written_whole_or_not_at_all(tokenizer_folder: Path, tmp_path: Path) -> None:
    good, out = tmp_path / "a.txt", tmp_path / "out" / "ids.u32"
    good.write_bytes(b"the cat")
    invoke("encode", tokenizer_folder, good, "--raw", "--out", out)
    assert invoke("decode", tokenizer_folder, out, "--raw") == b"the cat"
    missing = str(tmp_path / "missing")
    result = runner.invoke(
        app, ["encode", str(tokenizer_folder), str(good), missing, "--raw", "--out", str(out)]
    )
    assert result.exit_code == 2
    assert invoke("decode", tokenizer_folder, out, "--raw") == b"the cat"
    assert [each.name for each in out.parent.iterdir()] == ["ids.u32"]
