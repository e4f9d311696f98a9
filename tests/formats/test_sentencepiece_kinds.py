"""Word models and denormalizers, held to sentencepiece."""

from __future__ import annotations

import io
from typing import Any

import pytest
import sentencepiece

from running import running
from tokenry.errors import UnsupportedError
from tokenry.formats import sentencepiece as reader

load = running(reader.load)
LINES = ["the cat sat on the mat", "a cat and a bat", "the bat sat there", "x y z the end"] * 20
TEXTS = [
    "the cat",
    "no such words the cat nor these",
    "",
    "  the   bat ",
    "a\u2581cat",
    "caf\u00e9",
]


def trained(**options: Any) -> tuple[sentencepiece.SentencePieceProcessor, bytes]:
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(LINES), model_writer=out, minloglevel=2, **options
    )
    return sentencepiece.SentencePieceProcessor(model_proto=out.getvalue()), out.getvalue()


def test_words() -> None:
    theirs, data = trained(model_type="word", vocab_size=12)
    ours = load(data)
    for text in TEXTS:
        ids = theirs.encode(text)
        assert ours.encode(text) == ids == ours.encode_by_hand(text)
        assert ours.decode(ids) == theirs.decode(ids)


def test_words_with_spaces_behind_are_refused() -> None:
    _, data = trained(model_type="word", vocab_size=12, treat_whitespace_as_suffix=True)
    with pytest.raises(UnsupportedError, match="spaces behind words"):
        load(data)


def test_rules_for_decoded_text(tmp_path: Any) -> None:
    rules = tmp_path / "rules.tsv"
    rules.write_text("63 61 74\t64 6f 67\n", encoding="ascii")  # cat -> dog
    theirs, data = trained(
        vocab_size=40, hard_vocab_limit=False, denormalization_rule_tsv=str(rules)
    )
    ours = load(data)
    for text in TEXTS:
        ids = theirs.encode(text)
        assert ours.encode(text) == ids
        assert ours.decode(ids) == theirs.decode(ids)
    assert ours.decode(ours.encode("the cat")) == "the dog"
