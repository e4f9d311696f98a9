"""CANINE: characters under their code points."""

from __future__ import annotations

from pathlib import Path

import pytest

import tokenry

TEXTS = (
    "",
    "a b\tc\n\x00",
    "caf\u00e9 \u4f60\u597d \U0001f469\u200d\U0001f4bb\U0010ffff",
    "a \ue003b \ue000\ue001 \ue002\ue004\x00 \ue003\ue003",
)


def test_canine(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    (tmp_path / "tokenizer_config.json").write_text('{"tokenizer_class": "CanineTokenizer"}')
    theirs, ours = transformers.CanineTokenizer(), tokenry.load(tmp_path)
    for text in TEXTS:
        found = theirs.encode(text, add_special_tokens=False)
        assert ours.encode(text, allowed_special="all") == found
        assert ours.encode(text) == [ord(character) for character in text]
        assert ours.decode(found) == theirs.decode(found)
    assert ours.encode("a", add_special_tokens=True) == theirs.encode("a")
