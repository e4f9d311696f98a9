from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tokenry.errors import LearnError
from tokenry.learning.semantics.terms import find_terms, words_of_terms


def test_words_of_terms_by_type() -> None:
    terms = {
        "drug": ["Prozac", "beta blocker"],
        "sign": ["shortness of breath", "β-blocker"],
        "": ["x"],
    }
    assert words_of_terms(terms) == {
        "drug": {"prozac", "beta", "blocker"},
        "sign": {"shortness", "breath", "blocker"},
    }


def test_files(tmp_path: Path) -> None:
    table = tmp_path / "terms.tsv"
    table.write_text("drug\tProzac\n\nsign\tchest pain\n", "utf-8")
    rows = tmp_path / "terms.jsonl"
    rows.write_text(
        '{"type": "drug", "term": "Prozac"}\n{"type": "sign", "term": "chest pain"}\n', "utf-8"
    )
    expected = {"drug": {"prozac"}, "sign": {"chest", "pain"}}
    assert words_of_terms(table) == words_of_terms(str(rows)) == expected


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.tsv", b"drug Prozac\n", "line 1 .* 'drug Prozac'; expected type, tab, term"),
        ("a.tsv", b"drug\tProzac\n\tx\n", "line 2 .* empty type or term"),
        ("a.jsonl", b'{"type": "drug"}\n', 'line 1 .* expected {"type"'),
        ("a.jsonl", b"[1]\n", "line 1 "),
        ("a.jsonl", b'{"type": 3, "term": "x"}\n', "line 1 .* empty type"),
        ("a.tsv", b"\xff\xfe", "cannot read the term list"),
        ("a.tsv", b"", "has no term with a word of 3 letters"),
        ("a.tsv", b"drug\tab\n", "has no term with a word of 3 letters"),
    ],
)
def test_damaged_files(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(LearnError, match=message):
        words_of_terms(tmp_path / name)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(LearnError, match="cannot read the term list"):
        words_of_terms(tmp_path / "none.tsv")


def test_types_found_in_text() -> None:
    document = b"Paris is 10 km and 20 km off, Paris said. The 5mg dose 7mg. 9 km"
    pretokens = Counter(
        {
            b"Paris": 1,
            b" Paris": 4,
            b" the": 9,
            b"The": 3,
            b" considerable": 3,
            b" constantinople": 1,
            b" Constantinople": 40,
            b" uncommonness": 1,
            b" 10": 4,
        }
    )
    assert find_terms([document, b"\xff"], pretokens.items()) == {
        "names": {"paris", "constantinople"},
        "units": {"km", "mg"},
        "long": {"considerable"},
    }
