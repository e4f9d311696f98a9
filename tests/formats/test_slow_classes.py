"""Models that slow classes of transformers give every stretch between specials as a text."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import tokenry
from tokenry.errors import FormatError, UnsupportedError
from transformers_folders import drawn, hold, write_config, write_lines

TEXTS = drawn(
    ["hello", "he", "world", " ", "  ", "\n", "Été", "é", "中国", "ab", "12", ", ", "a-b", "<s>",
     " <s> ", "</s>", "<unk>", "<::::>", "<mask>", " <mask> ", "Hello", "\u2581", "."], 30,
)  # fmt: skip


@cache
def model(**options: Any) -> bytes:
    sentencepiece = pytest.importorskip("sentencepiece")
    out = io.BytesIO()
    line = (
        "the quick brown fox jumps over the lazy dog 12, 3, hello world hello there a b c ete .\n"
    )
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([line] * 30), model_writer=out, vocab_size=90, minloglevel=2,
        hard_vocab_limit=False, **options,
    )  # fmt: skip
    return out.getvalue()


@pytest.mark.parametrize("config", [{}, {"sep_token": "<new>", "pad_token": "the"}])
def test_bert_generation(tmp_path: Path, config: dict[str, Any]) -> None:
    transformers = pytest.importorskip("transformers")
    (tmp_path / "spiece.model").write_bytes(model(pad_id=0, eos_id=1, bos_id=2, unk_id=3))
    write_config(tmp_path, "BertGenerationTokenizer", **config)
    theirs = transformers.BertGenerationTokenizer.from_pretrained(str(tmp_path))
    hold(tokenry.load(tmp_path), theirs, TEXTS)


def test_speecht5(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    (tmp_path / "spm_char.model").write_bytes(model(model_type="char"))
    write_config(tmp_path, "SpeechT5Tokenizer")
    theirs = transformers.SpeechT5Tokenizer.from_pretrained(str(tmp_path))
    hold(tokenry.load(tmp_path), theirs, TEXTS)
    write_config(tmp_path, "SpeechT5Tokenizer", normalize=True)
    with pytest.raises(UnsupportedError, match=r"numbers are spelled out in English first"):
        tokenry.load(tmp_path)


def test_bartpho(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    (tmp_path / "sentencepiece.bpe.model").write_bytes(model())
    write_config(tmp_path, "BartphoTokenizer")
    with pytest.raises(FormatError, match=r"dict\.txt"):
        tokenry.load(tmp_path)
    write_lines(tmp_path / "dict.txt", ["\u2581hello 9", "\u2581 8", "he 7", "a 3", "\u2581the 2"])
    theirs = transformers.BartphoTokenizer.from_pretrained(str(tmp_path))
    hold(tokenry.load(tmp_path), theirs, TEXTS)
