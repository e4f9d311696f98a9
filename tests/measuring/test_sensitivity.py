"""Ids under small changes: distances against brute force, changes that change, prefixes."""

from __future__ import annotations

import random

import pytest

from tokenry import Tokenizer
from tokenry.learning import learn
from tokenry.measuring.sensitivity import (
    CHANGES,
    measure_prefixes,
    measure_sensitivity,
)


@pytest.fixture(scope="module")
def lines(prose_text: str) -> list[str]:
    return [line for line in prose_text[:60_000].splitlines() if len(line) > 40]


@pytest.fixture(scope="module")
def words(prose_text: str) -> Tokenizer:
    return learn([prose_text[:60_000]], vocab_size=2_000)


@pytest.fixture(scope="module")
def letters() -> Tokenizer:
    return learn(["x"], vocab_size=256)


def test_every_change_changes_little() -> None:
    text = "The quick brown fox jumps over the lazy dog, naïve café by the old Peach tree " * 8
    for name, change in CHANGES.items():
        changed = change(text, random.Random(0))
        assert changed != text, name
        assert abs(len(changed) - len(text)) < 0.2 * len(text), name
        assert changed == change(text, random.Random(0)), "draws are seeded"


def test_pieces_of_words_feel_more_than_letters(
    words: Tokenizer, letters: Tokenizer, lines: list[str]
) -> None:
    coarse, fine = measure_sensitivity(words, lines), measure_sensitivity(letters, lines)
    assert coarse["typo"].distance > 2 * fine["typo"].distance
    assert fine["typo"].distance == pytest.approx(fine["typo"].characters, rel=0.1)
    assert coarse["upper case"].distance > coarse["lower case"].distance
    assert coarse["typo"].changed > 50


def test_letters_are_stable_and_words_are_not(
    words: Tokenizer, letters: Tokenizer, lines: list[str]
) -> None:
    assert measure_prefixes(letters, lines).stable == 1
    found = measure_prefixes(words, lines)
    assert 0 < found.stable < 1
    assert found.unsettled <= found.worst
    assert measure_prefixes(words, ["", "."]).beginnings == 0


def test_nothing_to_change_is_no_error(words: Tokenizer) -> None:
    found = measure_sensitivity(words, ["abc"])
    assert found["decomposed"].changed == 0
    assert found["decomposed"].distance == 0
