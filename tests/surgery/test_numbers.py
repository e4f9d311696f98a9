"""Another number policy keeps ids and pieces, and every number has ids."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import tokenry
from tokenry.errors import TokenryError
from tokenry.learning import Bpe
from tokenry.surgery.numbers import missing_groups, with_numbers


@pytest.fixture(scope="module")
def numbers_text() -> str:
    rng = random.Random(3)
    return " ".join(f"sum {rng.randrange(10**7)} of {rng.random():.7f}" for _ in range(3000))


def test_another_policy_for_a_tokenizer_of_somebody_else(numbers_text: str) -> None:
    base = Bpe(vocab_size=1300).learn([numbers_text])
    right = with_numbers(base, "r2l3")
    assert right.vocabulary == base.vocabulary
    assert right.vocabulary[right.encode("1234567")[0]] == b"1"
    assert with_numbers(right, "l2r3").encode(numbers_text) == base.encode(numbers_text)
    assert right.lossless
    assert right.decode(right.encode(numbers_text)) == numbers_text
    short = set(missing_groups(right))
    assert "12" not in short
    assert set(missing_groups(Bpe(vocab_size=256).learn(["a"]))) >= {"12", "999"}


@pytest.mark.shared
def test_a_tokenizer_of_somebody_else(tokenizer_files: Path) -> None:
    for path in sorted(tokenizer_files.rglob("tokenizer.json"))[:6]:
        try:
            right = with_numbers(tokenry.load(path), "r2l3")
        except TokenryError:
            continue
        if right.lossless:
            assert right.decode(right.encode("a 1234567 b")) == "a 1234567 b"
