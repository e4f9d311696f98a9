from __future__ import annotations

from collections import Counter

import pytest

from tokenry.learning.compounds.hyphens import hyphenated_words, letters, parts_of, written_words


def test_parts_of_hyphenated_words() -> None:
    text = "A Dining-Room; Straßen-Bahn-Linie (so-called), naïve‐ness."
    assert [parts_of(word) for word in hyphenated_words(text.encode())] == [
        ("dining", "room"),
        ("straßen", "bahn", "linie"),
        ("so", "called"),
        ("naïve", "ness"),
    ]


@pytest.mark.parametrize(
    "text",
    ["--no-color", "file-name.txt", "x/a-b", "2020-may-01", "a--b", "snake_a-b", "e@a-b", ""],
)
def test_what_is_no_compound(text: str) -> None:
    assert [parts_of(word) for word in hyphenated_words(text.encode())] == []


def test_broken_utf8_is_read() -> None:
    assert hyphenated_words(b"\xff Self-made \xe2\x82") == ["Self-made"]


@pytest.mark.parametrize(
    ("pretoken", "word"),
    [
        (" Haus", "Haus"),
        ("Haus", "Haus"),
        ("-room", "room"),
        ("ab1", None),
        ("  ab", None),
        ("", None),
        (" ", None),
        ("don't", None),
    ],
)
def test_the_word_of_a_pretoken(pretoken: str, word: str | None) -> None:
    assert letters(pretoken.encode()) == word


def test_parts_of_compounds_are_no_words_of_their_own() -> None:
    # "dining room-mate" four times, "room" alone once
    pretokens = [(b"dining", 4), (b" room", 5), (b"-mate", 4), (b"\xff", 3)]
    words = written_words(pretokens, Counter({("room", "mate"): 4}))
    assert words.counts == {"dining": 4, "room": 1}
