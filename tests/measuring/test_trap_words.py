from __future__ import annotations

import pytest

from tokenry.errors import ArgumentError, VocabularyError
from tokenry.learning import learner
from tokenry.measuring.trap_words import across, crossing_rate, find_traps, words_in
from tokenry.tokenizer import Tokenizer

WORDS = ("art", "chart", "hear", "year", "car", "tar", "rate", "eat", "tea", "ear", "hat", "that")


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    texts = [f"{' '.join(WORDS)} the heart starthe carthe " * 40]
    return learner("bpe", vocab_size=286).learn(texts)


def test_each_trap_has_a_piece_across_its_boundary(tokenizer: Tokenizer) -> None:
    traps = find_traps(tokenizer, "Latin", count=20)
    assert traps
    for trap in traps:
        assert trap.text == trap.first + trap.second
        assert "".join(trap.pieces) == trap.text
        places = [sum(map(len, trap.pieces[:at])) for at in range(len(trap.pieces) + 1)]
        assert len(trap.first) not in places
        assert trap.trap in trap.pieces
        assert [tokenizer.decode([id_]) for id_ in tokenizer.encode(trap.text)] == [*trap.pieces]
    assert find_traps(tokenizer, "Latin", count=20) == traps


def test_the_rate_is_that_of_the_pairs(tokenizer: Tokenizer) -> None:
    words = words_in(tokenizer, "Latin")
    assert {"car", "hat"} <= set(words)
    every = [(a, b) for a in words for b in words]
    exact = sum(each is not None for each in across(tokenizer, every)) / len(every)
    found = crossing_rate(tokenizer, "Latin", pairs=3000)
    assert found.value == pytest.approx(exact, abs=0.05)
    assert found.interval is not None
    assert found.interval.low <= found.value <= found.interval.high


def test_a_script_without_words_is_refused(tokenizer: Tokenizer) -> None:
    with pytest.raises(VocabularyError, match="0 words in Han"):
        find_traps(tokenizer, "Han")
    with pytest.raises(ArgumentError, match="expected one of Latin, Han"):
        words_in(tokenizer, "Greek")  # type: ignore[arg-type]
