"""Which tokenizers are taken, and what is said of the others."""

from __future__ import annotations

from pathlib import Path

import pytest

import tokenry
from enumerated_texts import byte_pairs
from tokenry.decoding.bytewise import ByteModel
from tokenry.decoding.spelling import check_lossless, prefix_of
from tokenry.errors import ModelError, UnsupportedError
from tokenry.models import Enumerable


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    ["bert-base-uncased-vocab.txt", "pegasus_unigram96k_tokenizer.json",
     "compoundpiece_baseline_de.model", "kl3m-004-char-8k_tokenizer.json"],
)  # fmt: skip
def test_lossy_tokenizers_are_refused(tokenizer_files: Path, name: str) -> None:
    with pytest.raises(UnsupportedError, match=r"this tokenizer is lossy: '.+' comes back as"):
        check_lossless(tokenry.load(tokenizer_files / name))


@pytest.mark.shared
@pytest.mark.parametrize("name", ["llama_tokenizer.json", "gpt-2_tokenizer.json"])
def test_others_are_taken(tokenizer_files: Path, name: str) -> None:
    tokenizer = tokenry.load(tokenizer_files / name)
    check_lossless(tokenizer)
    assert prefix_of(tokenizer) == (b" " if "llama" in name else b"")


def test_bad_input_says_what_it_is() -> None:
    tokenizer = byte_pairs("gpt2")
    size = len(tokenizer.vocabulary)
    table = Enumerable.drawn(size + 2, order=1)
    with pytest.raises(ModelError, match="nothing says which ids begin and end"):
        ByteModel(table, tokenizer)
    with pytest.raises(ModelError, match=f"id {size + 2} has no row"):
        ByteModel(table, tokenizer, begin=[size + 2], ends=[table.end])
    small = Enumerable.drawn(size - 2, order=1)
    with pytest.raises(ModelError, match="ids have no row in the model"):
        ByteModel(small, tokenizer, begin=[small.begin], ends=[small.end])
    with pytest.raises(ModelError, match="target='some'"):
        ByteModel(table, tokenizer, target="some")  # type: ignore[arg-type]
    with pytest.raises(ModelError, match="a beam of 0 covers"):
        ByteModel(table, tokenizer, beam=0, begin=[table.begin], ends=[table.end])
    model = ByteModel(table, tokenizer, begin=[table.begin], ends=[table.end])
    with pytest.raises(ModelError, match="no id of this tokenizer writes the byte 120"):
        model.next_byte_logprobs(b"x")


def test_rows_to_spare_are_never_drawn() -> None:
    tokenizer = byte_pairs("gpt2")
    table = Enumerable.drawn(len(tokenizer.vocabulary) + 9, order=1)
    model = ByteModel(table, tokenizer, begin=[table.begin], ends=[table.end])
    assert abs(sum(2.718281828459045 ** model.next_byte_logprobs(b"ab")) - 1) < 1e-9
