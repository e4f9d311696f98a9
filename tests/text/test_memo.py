"""A memo gives what its tokenizer gives, keeps no more than it says, and tells what it found."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

import tokenry
from tokenry import Tokenizer
from tokenry.errors import ArgumentError
from tokenry.seeds import generator
from tokenry.text.memo import Memo


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    texts = ["the cat sat on the mat and the dog sat on the cat"] * 4
    return tokenry.learn(texts, kind="bpe", vocab_size=270).add_tokens(["<end>"], special=True)


def kept(memo: Memo) -> int:
    return sum(len(text) for each in (memo._younger, memo._elder) for text in each)


def test_ids_are_those_of_the_tokenizer_and_the_memory_is_bounded(tokenizer: Tokenizer) -> None:
    memo, chance = Memo(tokenizer, characters=200), generator(0, "memo")
    for _ in range(2000):
        text = "the cat <end>"[: int(chance.integers(14))] * int(chance.integers(4))
        assert memo.encode(text) == tokenizer.encode(text)
        assert memo.encode(text.encode()) == tokenizer.encode(text)
        assert kept(memo) <= 200
    assert memo.hits + memo.misses == 4000
    assert memo.hits > 500


def test_a_list_is_the_callers_own(tokenizer: Tokenizer) -> None:
    memo = Memo(tokenizer)
    for _ in range(3):
        memo.encode("the cat").clear()
    assert memo.encode("the cat") == tokenizer.encode("the cat")
    assert (memo.hits, memo.misses) == (3, 1)


def test_texts_that_are_asked_for_stay_and_others_go(tokenizer: Tokenizer) -> None:
    memo = Memo(tokenizer, characters=40)
    for at in range(30):
        memo.encode("the mat")
        memo.encode(f"{at:08}")
    assert (memo.hits, memo.misses) == (29, 31)
    memo.clear()
    memo.encode("the mat")
    assert memo.misses == 32


def test_a_long_text_is_not_kept(tokenizer: Tokenizer) -> None:
    memo = Memo(tokenizer, characters=40)
    assert memo.encode("cat " * 5) == memo.encode("cat " * 5) == tokenizer.encode("cat " * 5)
    assert (memo.hits, memo.misses) == (0, 2)


def test_specials_are_as_asked(tokenizer: Tokenizer) -> None:
    memo = Memo(tokenizer, allowed_special="all")
    assert memo.encode("cat<end>") == tokenizer.encode("cat<end>", allowed_special="all")
    assert memo.encode("cat<end>") != Memo(tokenizer).encode("cat<end>")


def test_threads_may_share_one(tokenizer: Tokenizer) -> None:
    memo = Memo(tokenizer, characters=60)
    texts = ["the cat"[:at] for at in range(8)] * 400
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(memo.encode, texts)) == [tokenizer.encode(each) for each in texts]


def test_errors_name_the_argument(tokenizer: Tokenizer) -> None:
    with pytest.raises(ArgumentError, match="characters 0"):
        Memo(tokenizer, characters=0)
    for wrong in (5, ["cat"]):
        with pytest.raises(TypeError, match="text"):
            Memo(tokenizer).encode(wrong)  # type: ignore[arg-type]
