"""Files that contradict themselves: taken as tokenizers takes them, with a warning."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tokenizers import Tokenizer as Theirs

import tokenry
from running import running
from tokenry.errors import FileWarning
from tokenry.formats.tokenizer_json import reading

load = running(reading.load)


def added(content: str, id_: int, **flags: bool) -> dict[str, Any]:
    usual = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    return {"id": id_, "content": content, "special": True, **usual, **flags}


def file(tokens: list[dict[str, Any]]) -> str:
    model = {"type": "WordLevel", "vocab": {"[UNK]": 0, "a": 1, "b": 2}, "unk_token": "[UNK]"}
    parts = {"added_tokens": tokens, "pre_tokenizer": {"type": "Whitespace"}, "model": model}
    return json.dumps({"version": "1.0", "decoder": None, "normalizer": None, **parts})


@pytest.mark.parametrize(
    "tokens",
    [
        [added("<x>", 9)],
        [added("<x>", 3), added("<x>", 3)],
        [added("<x>", 3, lstrip=True), added("<x>", 3), added("<y>", 4)],
        [added("<x>", 3), added("<x>", 4, special=False), added("<y>", 5)],
        [added("a", 7), added("<y>", 3)],
        [added("<y>", 4), added("<x>", 3)],
    ],
)
def test_ids_of_added_tokens_are_those_of_tokenizers(tokens: list[dict[str, Any]]) -> None:
    theirs = Theirs.from_str(file(tokens))
    with pytest.warns(FileWarning, match="added token"):
        ours: tokenry.Tokenizer = load(file(tokens).encode())
    for text in ("a <x> b", "<y><x> a", "  <x>  <y>c"):
        ids = theirs.encode(text, add_special_tokens=False).ids
        assert ours.encode(text, allowed_special="all") == ids
        assert ours.decode(ids) == theirs.decode(ids, skip_special_tokens=False)
    assert "added token" in ours.pipeline.metadata["warnings"]
