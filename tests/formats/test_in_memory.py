"""Tokenizers that are in memory give the ids of those that they came from."""

from __future__ import annotations

import io

import pytest
import sentencepiece
import tiktoken
import tokenizers
import transformers

import tokenry
from small_tokenizers import SPECIALS, learned, learned_ranks, rank_file
from tokenry.errors import FormatError, UnsupportedError
from tokenry.text.pretokenizers.split_patterns import PATTERNS

TEXT = "The house, it's 12 naïve 中文\n"


def test_the_bytes_of_files() -> None:
    ranks = tokenry.load(rank_file(learned_ranks()), pattern="gpt2", special_tokens=SPECIALS)
    file = tokenry.load(learned().to_str().encode())
    assert ranks.encode(TEXT) == file.encode(TEXT) == learned().encode(TEXT).ids
    with pytest.raises(FormatError, match="no known tokenizer format"):
        tokenry.load(b"\x00\x01")
    with pytest.raises(UnsupportedError, match="pattern"):
        tokenry.load(learned().to_str().encode(), pattern="gpt2")


def test_tokenizers_and_transformers() -> None:
    model = learned()
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=model)
    for source in (model, fast):
        ours = tokenry.load(source)
        assert ours.encode(TEXT) == model.encode(TEXT).ids
        assert ours.get_vocab() == model.get_vocab()
        for id_ in range(0, len(ours), 97):
            assert ours.id_to_token(id_) == model.id_to_token(id_)
            assert ours.token_to_id(model.id_to_token(id_)) == id_
    assert ours.id_to_token(10**6) is ours.token_to_id("no such token") is None
    assert tokenry.load(ours) is ours


def test_encodings_of_tiktoken() -> None:
    specials = {**SPECIALS, "<|again|>": 3005}
    theirs = tiktoken.Encoding(
        "small",
        pat_str=PATTERNS["cl100k"],
        mergeable_ranks=learned_ranks(),
        special_tokens=specials,
    )
    ours = tokenry.load(theirs)
    text = TEXT + "".join(specials)
    assert ours.encode(text) == theirs.encode_ordinary(text)
    assert ours.encode(text, allowed_special="all") == theirs.encode(text, allowed_special="all")
    assert ours.name == "small"


def test_processors_of_sentencepiece() -> None:
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([TEXT, "the houses", "their mouse", "12 naïve cats"] * 20),
        model_writer=model,
        vocab_size=60,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    ours = tokenry.load(processor)
    assert ours.encode(TEXT) == processor.encode(TEXT)
    for id_ in range(0, processor.get_piece_size(), 5):
        assert ours.id_to_token(id_) == processor.id_to_piece(id_)


@pytest.mark.parametrize("wrong", [None, 3, ["a"], tokenizers.models.BPE()])
def test_what_is_no_tokenizer(wrong: object) -> None:
    with pytest.raises(UnsupportedError, match="expected a path"):
        tokenry.load(wrong)
