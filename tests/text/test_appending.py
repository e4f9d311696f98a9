"""Tokens that are added to a tokenizer are found as those that tokenizers adds."""

from __future__ import annotations

import pydoc_data.topics

import pytest
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, trainers

import tokenry
from fuzz_text import fuzz_strings
from shares import draw, share
from small_tokenizers import learned
from tokenry.errors import ArgumentError, VocabularyError

NAMES = ["<new>", "Hello", "\u4e2d\u6587", "<new>er", "the end"]


def wordpiece() -> Tokenizer:
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return trained(tokenizer, trainers.WordPieceTrainer)


def unigram() -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    return trained(tokenizer, trainers.UnigramTrainer, unk_token="[UNK]")


def trained(tokenizer: Tokenizer, trainer: type, **options: object) -> Tokenizer:
    given = {"vocab_size": 700, "special_tokens": ["[UNK]"], "show_progress": False, **options}
    topics = [pydoc_data.topics.topics[name] for name in sorted(pydoc_data.topics.topics)]
    tokenizer.train_from_iterator(topics, trainer(**given))
    # What it reads back of its scores is off by a bit in places, and decides between equal sums.
    return Tokenizer.from_str(tokenizer.to_str())


MADE = {
    "bpe": lambda: Tokenizer.from_str(learned().to_str()),
    "wordpiece": wordpiece,
    "unigram": unigram,
}


@pytest.mark.parametrize("special", [False, True])
@pytest.mark.parametrize("kind", MADE)
def test_added_tokens_are_those_of_tokenizers(kind: str, special: bool) -> None:
    theirs = MADE[kind]()
    before = tokenry.load(theirs)
    larger = before.add_tokens(NAMES, special=special)
    if special:
        theirs.add_special_tokens(NAMES)
    else:
        theirs.add_tokens([AddedToken(name) for name in NAMES])
    assert [larger.token_to_id(name) for name in NAMES] == [*map(theirs.token_to_id, NAMES)]
    rng = draw(f"added to {kind}")
    texts = [f"{a}{rng.choice(NAMES)}{b}" for a, b in zip(
        fuzz_strings(rng, share(300)), fuzz_strings(rng, share(300)), strict=True)]  # fmt: skip
    for text in ["", *NAMES, " the end <new>er.", *texts]:
        ids = larger.encode(text, allowed_special="all")
        assert ids == theirs.encode(text, add_special_tokens=False).ids, text
        assert ids == larger.encode_by_hand(text, allowed_special="all")
    plain = "words that were there before"
    assert larger.encode(plain) == before.encode(plain)
    assert len(before) == len(larger) - len(NAMES)  # it stays as it was


@pytest.mark.parametrize("names", [["a"], [""], ["<x>", "<x>"], "<x>"])
def test_names_that_cannot_be_added_are_named(names: list[str]) -> None:
    with pytest.raises((ArgumentError, VocabularyError), match=r"the token|expected a list"):
        tokenry.load(learned()).add_tokens(names)
