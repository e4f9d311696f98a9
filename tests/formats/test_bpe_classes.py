"""BPE models of SentencePiece without a tokenizer.json, held to the classes of transformers."""

from __future__ import annotations

import base64
import io
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import tokenry
from tokenry.errors import UnsupportedError
from tokenry.formats.bpe_classes import KINDS
from transformers_folders import drawn, hold, write_config

TEXTS = drawn(
    ["hello", "he", "world", " ", "  ", "\n", "Été", "é", "中国", "ab", "12", ", ", "a-b", "<s>",
     " <s> ", "</s>", "<unk>", "[INST]", " [INST] x", "Hello", "\u2581", "\u2581<PRE>",
     "<tool>", "\t", "😀"], 30,
)  # fmt: skip
CONFIGS: dict[str, dict[str, Any]] = {
    "usual": {},
    "stated": {"add_bos_token": True, "add_eos_token": True, "pad_token": "</s>"},
    "nothing around": {"add_bos_token": False, "legacy": True},
    "unprefixed": {"add_prefix_space": False, "add_bos_token": True},
    "more": {
        "legacy": False, "bos_token": "<bos>", "additional_special_tokens": ["<tool>"],
        "added_tokens_decoder": {"1": {"content": "<s>", "special": True, "lstrip": False}},
    },
}  # fmt: skip


@cache
def model(**options: Any) -> bytes:
    sentencepiece = pytest.importorskip("sentencepiece")
    out = io.BytesIO()
    line = (
        "the quick brown fox jumps over the lazy dog 12, 3, hello world hello there a b c ete .\n"
    )
    settings = {
        "model_type": "bpe", "byte_fallback": True, "vocab_size": 350, "minloglevel": 2,
        "hard_vocab_limit": False, "user_defined_symbols": "[INST],ab", **options,
    }  # fmt: skip
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([line] * 30), model_writer=out, **settings
    )
    return out.getvalue()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("config", CONFIGS)
@pytest.mark.parametrize("falls_back", [True, False])
def test_class(tmp_path: Path, kind: str, config: str, falls_back: bool) -> None:
    theirs = getattr(pytest.importorskip("transformers"), kind)
    found = model() if falls_back else model(byte_fallback=False, vocab_size=90)
    name = theirs.vocab_files_names.get("vocab_file", "tokenizer.model")
    (tmp_path / name).write_bytes(found)
    write_config(tmp_path, kind, **CONFIGS[config])
    hold(tokenry.load(tmp_path), theirs.from_pretrained(str(tmp_path)), TEXTS)


def test_a_model_with_no_class_beside_it_is_read_as_it_runs(tmp_path: Path) -> None:
    sentencepiece = pytest.importorskip("sentencepiece")
    path = tmp_path / "tokenizer.model"
    path.write_bytes(model())
    theirs = sentencepiece.SentencePieceProcessor(model_file=str(path))
    ours = tokenry.load(path)
    for text in TEXTS:
        assert ours.encode(text) == theirs.encode(text)


def test_rank_files_of_the_same_name(tmp_path: Path) -> None:
    ranks = b"".join(base64.b64encode(bytes([byte])) + b" %d\n" % byte for byte in range(256))
    (tmp_path / "tokenizer.model").write_bytes(ranks)
    write_config(tmp_path, "LlamaTokenizer")
    assert tokenry.load(tmp_path, pattern="gpt2").encode("a") == [97]


def test_models_of_another_kind(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.model").write_bytes(model(model_type="unigram"))
    write_config(tmp_path, "LlamaTokenizer")
    with pytest.raises(UnsupportedError, match=r"is no BPE model, as LlamaTokenizer needs it"):
        tokenry.load(tmp_path)
