"""Tokenizers that transformers builds anew, beside the file that they are built for."""

from __future__ import annotations

from pathlib import Path

import pytest

import tokenry

TEXTS = (" a", "a", "a  b\n c", "<|user|> hi", "<|user|>\nhi<|end|>  x", "ünï ▁ 東京")


@pytest.mark.shared
@pytest.mark.parametrize("name", ["phi-3-mini", "phi-3-vision"])
def test_a_file_has_its_ids_and_an_object_those_of_transformers(census: Path, name: str) -> None:
    transformers = pytest.importorskip("transformers")
    tokenizers = pytest.importorskip("tokenizers")
    file = tokenizers.Tokenizer.from_file(str(census / name / "tokenizer.json"))
    rebuilt = transformers.AutoTokenizer.from_pretrained(census / name)
    of_file, of_object = tokenry.load(census / name), tokenry.load(rebuilt)
    for text in TEXTS:
        as_file = file.encode(text, add_special_tokens=False).ids
        assert of_file.encode(text, allowed_special="all") == as_file
        as_object = rebuilt.encode(text, add_special_tokens=False)
        assert of_object.encode(text, allowed_special="all") == as_object
    assert of_file.encode(" a") == [29871, 263]
