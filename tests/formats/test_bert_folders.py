"""A vocab.txt with a configuration beside it, as transformers' classes of BERT's kind read it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import tokenry
from tokenry.errors import FormatError
from transformers_folders import drawn, hold, write_config, write_lines

SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "<unk>", "<cls>", "<sep>", "<s>", "</s>"]
WORDS = (
    "hello ##lo he ##l a b ##b e é É Été ete été ##t ##e 字 国 中国 ##国 , . ! 1 2 ##2 ' s Hello"
)
TEXTS = drawn(
    [
        "Hello",
        "Été",
        "é",
        "中国字",
        "ab",
        "12",
        ",",
        "'s",
        "[SEP]",
        "<s>",
        "[MASK]",
        " <mask>",
        "\x00",
        "\u200d",
        "\n",
        "İ",
        "Extra",
        "extra",
        "<new>",
        " ",
    ]
)


def write(folder: Path, kind: str | None, **config: Any) -> None:
    names = [*SPECIALS, "<pad>", "<mask>", *WORDS.split()]
    write_lines(folder / "vocab.txt", names)
    write_config(folder, kind, **config)


@pytest.mark.parametrize("kind", ["BertTokenizer", "MPNetTokenizer", "FunnelTokenizer"])
@pytest.mark.parametrize(
    "config",
    [
        {},
        {"strip_accents": False},
        {"do_lower_case": False},
        {"do_lower_case": False, "strip_accents": True, "tokenize_chinese_chars": False},
        {"unk_token": "<unk>", "cls_token": "<cls>", "sep_token": "<sep>", "mask_token": "<new>"},
        {"added_tokens_decoder": {
            "40": {"content": "extra", "special": False, "normalized": True},
            "41": {"content": "<new>", "special": True, "rstrip": True}}},
    ],
)  # fmt: skip
def test_configured(tmp_path: Path, kind: str, config: dict[str, Any]) -> None:
    transformers = pytest.importorskip("transformers")
    write(tmp_path, kind, **config)
    theirs = getattr(transformers, kind).from_pretrained(str(tmp_path))
    hold(tokenry.load(tmp_path), theirs, TEXTS, decodes=kind == "BertTokenizer")


def test_tokens_in_a_list_of_their_own(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    write(tmp_path, "BertTokenizer", additional_special_tokens=["<new>"])
    (tmp_path / "added_tokens.json").write_text(json.dumps({"<new>": 40, "Extra": 41}))
    theirs = transformers.BertTokenizer.from_pretrained(str(tmp_path))
    hold(tokenry.load(tmp_path), theirs, TEXTS)


@pytest.mark.parametrize("kind", ["mpnet", "funnel"])
def test_named_by_the_model_alone(tmp_path: Path, kind: str) -> None:
    write(tmp_path, None)
    (tmp_path / "tokenizer_config.json").unlink()
    (tmp_path / "config.json").write_text(json.dumps({"model_type": kind}))
    ours = tokenry.load(tmp_path)
    around = ours.encode("a", add_special_tokens=True)
    names = {"mpnet": ["<s>", "</s>"], "funnel": ["<cls>", "<sep>"]}[kind]
    assert [around[0], around[-1]] == [SPECIALS.index(name) for name in names]


def test_tokens_without_an_id(tmp_path: Path) -> None:
    write(tmp_path, "BertTokenizer")
    (tmp_path / "added_tokens.json").write_text(json.dumps({"<new>": "40"}))
    with pytest.raises(FormatError, match="which is none"):
        tokenry.load(tmp_path)
