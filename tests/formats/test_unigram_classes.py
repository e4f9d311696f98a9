"""Unigram models without a tokenizer.json, held to the fast classes of transformers."""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import tokenry
from tokenry.errors import UnsupportedError
from tokenry.formats.configuration import BARTHEZ, MLUKE, UNIGRAM
from tokenry.formats.unigram_classes import KINDS
from transformers_folders import drawn, hold, write_config

CONTROLS = ["[CLS]", "[SEP]", "[MASK]"]
T5 = {"pad_id": 0, "eos_id": 1, "unk_id": 2, "bos_id": -1}
# How their models are trained.
MODELS: dict[str, dict[str, Any]] = {
    "AlbertTokenizer": {
        "pad_id": 0, "unk_id": 1, "bos_id": -1, "eos_id": -1, "control_symbols": CONTROLS},
    "RemBertTokenizer": {
        "pad_id": 0, "bos_id": 1, "unk_id": 2, "eos_id": 3, "control_symbols": CONTROLS},
    "BigBirdTokenizer": {
        "pad_id": 0, "eos_id": 1, "bos_id": 2, "unk_id": 3, "control_symbols": CONTROLS},
    "XLNetTokenizer": {
        "control_symbols": ["<cls>", "<sep>", "<pad>", "<mask>"],
        "user_defined_symbols": ["<eop>", "ab"]},
    "DebertaV2Tokenizer": {
        "pad_id": 0, "bos_id": 1, "eos_id": 2, "unk_id": 3, "bos_piece": "[CLS]",
        "eos_piece": "[SEP]", "unk_piece": "[UNK]", "pad_piece": "[PAD]"},
    MLUKE: {},
    BARTHEZ: {"bos_id": 0, "pad_id": 1, "eos_id": 2, "unk_id": 3},
}  # fmt: skip
TEXTS = drawn(
    ["hello", "he", "world", " ", "  ", "\n", "Été", "é", "中国", "ab", "12", ", ", "'s", "``",
     "''", "a-b", "<s>", "</s>", "<unk>", "<mask>", " <mask> ", " [MASK] ", "[SEP]", "<extra_id_3>",
     "<mask_1>", "<unk_5>", "Hello", "<eop>", "\u2581", "ﬁ"], 30,
)  # fmt: skip


@cache
def model(kind: str) -> bytes:
    sentencepiece = pytest.importorskip("sentencepiece")
    out = io.BytesIO()
    line = (
        "the quick brown fox jumps over the lazy dog 12, 3, hello world hello there a b c ete .\n"
    )
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([line] * 30), model_writer=out, vocab_size=90, minloglevel=2,
        hard_vocab_limit=False, **MODELS.get(kind, T5),
    )  # fmt: skip
    return out.getvalue()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "config",
    [
        {},
        {"do_lower_case": True, "keep_accents": True, "add_prefix_space": False},
        {"mask_token": "<new>", "do_lower_case": False, "add_eos_token": True},
        {"additional_special_tokens": ["<eop>", "<tool>"]},
    ],
    ids=["usual", "unprefixed", "masked", "listed"],
)
def test_class(tmp_path: Path, kind: str, config: dict[str, Any]) -> None:
    theirs = getattr(pytest.importorskip("transformers"), kind)
    (tmp_path / theirs.vocab_files_names["vocab_file"]).write_bytes(model(kind))
    write_config(tmp_path, kind, **config)
    entities = {"[MASK]": 0, "[UNK]": 1, "[PAD]": 2, "[MASK2]": 3}  # mLUKE's; we read none
    (tmp_path / "entity_vocab.json").write_text(json.dumps(entities))
    hold(tokenry.load(tmp_path), theirs.from_pretrained(str(tmp_path)), TEXTS)


def test_what_t5_cut_out_is_listed(tmp_path: Path) -> None:
    theirs = pytest.importorskip("transformers").T5Tokenizer
    (tmp_path / "spiece.model").write_bytes(model("T5Tokenizer"))
    listed = [f"<extra_id_{number}>" for number in range(100)]
    write_config(tmp_path, "T5Tokenizer", extra_ids=100, additional_special_tokens=listed)
    hold(tokenry.load(tmp_path), theirs.from_pretrained(str(tmp_path)), TEXTS)


def test_every_class_has_a_reader() -> None:
    assert {*KINDS} == {*UNIGRAM, BARTHEZ, MLUKE}


def test_models_of_another_kind(tmp_path: Path) -> None:
    sentencepiece = pytest.importorskip("sentencepiece")
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["a b c a b"] * 20), model_writer=out, vocab_size=12,
        hard_vocab_limit=False, minloglevel=2, model_type="bpe",
    )  # fmt: skip
    (tmp_path / "spiece.model").write_bytes(out.getvalue())
    write_config(tmp_path, "T5Tokenizer")
    with pytest.raises(UnsupportedError, match="no Unigram model"):
        tokenry.load(tmp_path)
    assert tokenry.load(out.getvalue()).encode("a b")
