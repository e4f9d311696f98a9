"""Questions about letters, and how an arm writes a word."""

from __future__ import annotations

from experiments.measuring.counting import ASKED, LETTERS, MOST, Questions, Reading
from tokenry.learning import Bpe

WORDS = ["banana", "excellence", "tokenizer"] * 5


def test_half_of_the_letters_asked_about_stand_in_the_word() -> None:
    asked = Questions.about(WORDS, 0)
    assert len(asked.words) == ASKED * len(WORDS)
    for word, letter, count in zip(asked.words, asked.letters, asked.counts, strict=True):
        assert count == min(word.count(letter), MOST)
    assert (asked.counts > 0).mean() == 0.5
    assert MOST in asked.counts


def test_letters_are_read_one_by_one_and_tokens_are_not() -> None:
    tokenizer = Bpe(vocab_size=262).learn(WORDS)
    letters, tokens = (Reading(name, tokenizer).prompt("banana", "a") for name in (LETTERS, "BPE"))
    assert [tokenizer.decode([id_]) for id_ in letters[:-1]] == list("banana")
    assert tokenizer.decode(tokens[:-1]) == "banana"
    assert len(tokens) < len(letters)
    assert letters[-1] == tokens[-1] == tokenizer.n_vocab
