"""Numbers: what is one token, and whether digits line up from the right."""

from __future__ import annotations

import warnings

import pytest

from tokenry import Tokenizer, Vocabulary
from tokenry.learning import SmallerVocabularyWarning, learn
from tokenry.measuring.numbers import groups, measure_numbers
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer
from tokenry.text.segmenters.bpe import BytePairSegmenter

NUMBERS = " ".join([f"{number:03}" for number in range(1_000)] + [str(n) for n in range(10, 100)])


def with_pattern(pattern: str) -> Tokenizer:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallerVocabularyWarning)
        return learn([NUMBERS], vocab_size=1_400, pretokenizer=pattern)


@pytest.fixture(scope="module")
def from_left() -> Tokenizer:
    return with_pattern(r"\d{1,3}| ?[^\s\d]+|\s+")


@pytest.fixture(scope="module")
def from_right() -> Tokenizer:
    return with_pattern(r"\d{1,3}(?=(?:\d{3})*(?!\d))| ?[^\s\d]+|\s+")


def test_groups_are_counted_from_the_left(from_left: Tokenizer) -> None:
    assert groups(from_left, "1234567") == (3, 3, 1)
    assert groups(from_left, "1234567", "a {} b") == (3, 3, 1)
    assert groups(from_left, "7") == (1,)


def test_groups_from_the_right_line_up(from_left: Tokenizer, from_right: Tokenizer) -> None:
    left, right = measure_numbers(from_left), measure_numbers(from_right)
    assert right.patterns[7] == "1|3|3"
    assert right.aligned == 1
    assert left.aligned < 0.4
    assert left.tokens[6] == right.tokens[6] == 2
    assert left.single["100-999"] == 1
    assert left.single["1000-9999"] == 0
    assert left.consistent == right.consistent == 1


def test_a_number_may_be_cut_in_different_ways() -> None:
    digits = [bytes([digit]) for digit in b"0123456789"]
    signs = [(b"=", digit) for digit in digits]
    pairs = [(left, right) for left in digits for right in digits]
    made = [left + right for left, right in [*signs, *pairs]]
    vocabulary = Vocabulary([*(bytes([byte]) for byte in range(256)), *made])
    joined = Tokenizer(
        vocabulary=vocabulary,
        segmenter=BytePairSegmenter.from_merges(vocabulary, [*signs, *pairs]),
        pretokenizer=RegexPretokenizer(r"\s+|\S+"),
    )
    assert groups(joined, "12") == (2,)
    assert groups(joined, "12", "={}") == (1, 1)
    assert measure_numbers(joined).consistent < 0.6


def test_single_digits_line_up() -> None:
    digits = Tokenizer(
        **{**with_pattern(r"\d{1,3}|\D+").parts(), "pretokenizer": RegexPretokenizer(r"\d|\D+")}
    )
    found = measure_numbers(digits, sampled=50)
    assert found.tokens[12] == 12
    assert found.aligned == 1
    assert found.to_json()["patterns"]["3"] == "1|1|1"  # type: ignore[index]


def test_draws_are_seeded(from_left: Tokenizer) -> None:
    assert measure_numbers(from_left, seed=3) == measure_numbers(from_left, seed=3)
    assert (
        measure_numbers(from_left, seed=3).examples != measure_numbers(from_left, seed=4).examples
    )
