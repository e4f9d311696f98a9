"""Merges of characters with word ends: HerBERT keeps the case of text, the first GPT does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import tokenry

TEXTS = ["the The tHE", "the, the! caf\u00e9 \u4f60the", "", "zz the</w> <unk>", "e\u0301the the\n"]
NAMES = {"cls_token": "<s>", "sep_token": "</s>", "unk_token": "<unk>", "mask_token": "<mask>"}


def folder(path: Path, letters: str) -> tuple[dict[str, int], list[tuple[str, str]]]:
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", *letters, *(f"{c}</w>" for c in letters)]
    merges = [("t", "h"), ("th", "e</w>")]
    pieces += ["th", "the</w>"]
    ids = {piece: id_ for id_, piece in enumerate(dict.fromkeys(pieces))}
    (path / "vocab.json").write_text(json.dumps(ids))
    lines = ["#version: 0.2", *(" ".join(pair) for pair in merges)]
    (path / "merges.txt").write_text("\n".join(lines) + "\n")
    return ids, merges


def test_herbert(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    ids, merges = folder(tmp_path, "theHET,!\u00e9")
    (tmp_path / "special_tokens_map.json").write_text(json.dumps(NAMES))
    theirs = transformers.HerbertTokenizer(vocab=ids, merges=merges)
    ours = tokenry.load(tmp_path)
    for text in TEXTS:
        found = theirs.encode(text, add_special_tokens=False)
        assert ours.encode(text, allowed_special="all") == found
        assert ours.decode(found) == theirs._tokenizer.decode(found, skip_special_tokens=False)
    assert ours.special_tokens_set == {"<s>", "</s>", "<unk>", "<mask>"}


def test_the_first_gpt(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    ids, merges = folder(tmp_path, "the,!")
    theirs = transformers.OpenAIGPTTokenizer(vocab=ids, merges=merges)
    ours = tokenry.load(tmp_path)
    for text in TEXTS:
        assert ours.encode(text, allowed_special="all") == theirs.encode(text)
