"""Make-up of a vocabulary: every id in one class, shares of all ids."""

from __future__ import annotations

import pytest

from tokenry import Vocabulary
from tokenry.learning import learn
from tokenry.measuring.vocabulary import (
    SCRIPTS,
    by_length,
    by_role,
    by_script,
    duplicates,
    parameter_share,
    role_of,
    scripts_of,
    suspicious,
)

PIECES = Vocabulary(
    [
        b"<s>", b"a", b"\xff", b" the", b"The", b" THE", b"the", b" of the", b"123", b"\n\n",
        b"...",
        "東京".encode(), "東a".encode(), b"\xe6\x9d", "привет".encode(), b"v2", None,
    ],
    {0: "special"},
)  # fmt: skip


@pytest.mark.parametrize(
    ("piece", "role"),
    [
        (b" naive", "word"),
        ("é".encode(), "subword"),
        ("e\u0301t".encode(), "subword"),
        (b" don't", "word"),
        (b" a b", "superword"),
        (b"the, of", "superword"),
        (b" the ", "word"),
        ("٣".encode(), "number"),
        (b" 12", "number"),
        (b"\t", "byte"),
        (b"\t\t", "white space"),
        (b" (", "punctuation"),
        (b"x_1", "mixed"),
        ("👍".encode(), "punctuation"),
        (b"\x80\x81", "partial UTF-8"),
    ],
)
def test_role_of_a_piece(piece: bytes, role: str) -> None:
    assert role_of(piece) == role


def test_every_id_has_one_role_and_one_script() -> None:
    for found in (by_role(PIECES), by_script(PIECES), by_length(PIECES)):
        assert found.total == sum(found.counts.values()) == 16
        assert sum(map(found.share, found.counts)) == pytest.approx(1)
    roles = by_role(PIECES).counts
    assert roles["superword"] == 1
    assert roles["special"] == 1
    assert roles["byte"] == 2
    scripts = by_script(PIECES).counts
    assert scripts["Han"] == 1
    assert scripts["mixed"] == 1
    assert scripts["Cyrillic"] == 1
    assert by_length(PIECES).counts["0"] == 3


def test_marks_have_no_script_of_their_own() -> None:
    assert scripts_of("e\u0301я") == {"e": "Latin", "я": "Cyrillic"}
    assert scripts_of("12 ...") == {}
    assert scripts_of("\U00010330") == {"\U00010330": "Gothic"}
    assert len(set(SCRIPTS)) == len(SCRIPTS)


def test_duplicates_differ_in_case_or_space_only() -> None:
    assert duplicates(PIECES, by="case").extra == 2  # " the" " THE" and "The" "the"
    assert duplicates(PIECES, by="space").extra == 1  # " the" and "the"
    both = duplicates(PIECES, by="both")
    assert (both.groups, both.extra) == (1, 3)
    assert set(both.examples[0]) == {" the", "The", " THE", "the"}


def test_rows_of_a_vocabulary_in_a_model() -> None:
    assert parameter_share(1_000, 10, 10_000, tied=True) == (10_000, 0.5)
    assert parameter_share(1_000, 10, 10_000) == (20_000, pytest.approx(2 / 3))


def test_long_runs_are_suspicious() -> None:
    odd = Vocabulary([b"-" * 20, b"x" * 30, b" of the very long way to go", b"word"])
    assert list(suspicious(odd)) == ["x" * 30, "-" * 20]


def test_a_learnt_vocabulary_is_classed_whole(multilingual_text: str) -> None:
    tokenizer = learn([multilingual_text[:100_000]], vocab_size=2_000)
    assert by_role(tokenizer.vocabulary).total == 2_000
    assert by_script(tokenizer.vocabulary).counts["Ethiopic"] > 0
