from __future__ import annotations

import json
from pathlib import Path

import pytest

from shares import draw, share
from tokenry.corpus import large_records, readers, records
from tokenry.corpus.large_records import large_field, unescaped
from tokenry.corpus.options import ReadOptions
from tokenry.errors import CorpusError
from tokenry.text.unicode.utf8 import to_utf8

LETTERS = ["a", '"', "\\", "\n", "é", "中", "😀", "\ud83d", "\ude00", "\0", "/", "u", "d83d"]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is large, and pieces are short."""
    monkeypatch.setattr(records, "LARGE_LINE", 10)
    monkeypatch.setattr(large_records, "_LARGE_STRING", 7)
    monkeypatch.setattr(large_records, "_PIECE", 13)


def text(case: int) -> str:
    drawn = draw(f"large {case}")
    return "".join(drawn.choices(LETTERS, k=drawn.randint(0, 90)))


@pytest.mark.parametrize("escape", [True, False])
@pytest.mark.parametrize("case", range(share(200)))
def test_a_large_field_is_what_json_reads(case: int, escape: bool) -> None:
    record = {"a": text(case + 1000), "text": text(case), "b": [{"text": text(case + 2000)}, 1.5]}
    line = json.dumps(record, ensure_ascii=escape).encode("utf-8", "surrogatepass")
    for field in record:
        expected = json.loads(line)[field]
        found = large_field(line, field)
        assert to_utf8(found) == to_utf8(expected) if field != "b" else len(found) == 2


def test_what_is_no_string_is_no_string() -> None:
    for wrong in (b"a\\x-------------------", b"line\nend-----------------", b"\\ud83d\\u12"):
        with pytest.raises(ValueError, match=r"."):
            unescaped(memoryview(wrong))


def test_the_reader_takes_large_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    texts = [text(case) for case in range(30)]
    path.write_text("".join(json.dumps({"text": each}) + "\n" for each in texts))
    assert list(readers.read_texts(path, ReadOptions())) == list(map(to_utf8, texts))
    assert [json.loads(each) for each in readers.read_texts(path, ReadOptions(content="json"))] == [
        to_utf8(each).decode() for each in texts
    ]
    with pytest.raises(CorpusError, match="line 1 has no field 'body'; it has 'text'"):
        list(readers.read_texts(path, ReadOptions(field="body")))
    path.write_text('{"text": "' + "x" * 40 + "\n")
    with pytest.raises(CorpusError, match="line 1 is not JSON"):
        list(readers.read_texts(path, ReadOptions()))
    path.write_text('["' + "x" * 40 + '"]\n')
    with pytest.raises(CorpusError, match="it has no object"):
        list(readers.read_texts(path, ReadOptions()))
    path.write_text('{"text": ["' + "x" * 40 + '"]}\n')
    with pytest.raises(CorpusError, match="is list, expected a string"):
        list(readers.read_texts(path, ReadOptions()))
