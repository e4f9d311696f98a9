"""Tokenizers of bytes that are only a configuration: ids and text of transformers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import tokenry
from tokenry.errors import FormatError

BYT5: dict[str, object] = {"tokenizer_class": "ByT5Tokenizer"}
TEXTS = [
    "",
    "Hello caf\u00e9 \u4f60\n",
    "a</s> b <extra_id_3>c <pad>",
    "a</s>",
    "[CLS] x [MASK]",
    "\x00",
]


@pytest.mark.filterwarnings("ignore:This sequence already has")
@pytest.mark.parametrize("name", ["ByT5Tokenizer", "PerceiverTokenizer"])
def test_ids_and_text_are_those_of_transformers(name: str, tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    theirs = getattr(transformers, name)()
    theirs.save_pretrained(tmp_path)
    ours = tokenry.load(tmp_path)
    for text in TEXTS:
        ids = theirs.encode(text, add_special_tokens=False)
        assert ours.encode(text, allowed_special="all") == ids
        around = theirs.encode(text)
        assert ours.encode(text, allowed_special="all", add_special_tokens=True) == around
    plain = "no specials \u4f60"
    ids = ours.encode(plain)
    assert ours.decode(ids) == plain == theirs.decode(ids)
    assert len(ours.encode("</s>")) == 4
    for text in ("a</s>", "a"):
        ids, spans = ours.encode_with_spans(text, allowed_special="all", add_special_tokens=True)
        assert len(ids) == len(spans)
    assert tokenry.load(tmp_path).fingerprint() == ours.fingerprint()


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"tokenizer_class": "BertTokenizer"}, "no tokenizer"),
        (BYT5 | {"extra_ids": -1}, "extra_ids"),
        (BYT5 | {"extra_ids": 10**9}, "extra_ids"),
        (BYT5 | {"additional_special_tokens": ["a", "a"]}, "twice"),
        ({"tokenizer_class": 5}, "no tokenizer"),
    ],
)
def test_configurations_that_say_no_tokenizer(config: object, message: str, tmp_path: Path) -> None:
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(config))
    with pytest.raises(FormatError, match=message):
        tokenry.load(tmp_path)
