"""Bytes that two maps rewrite, held to transformers' MyT5Tokenizer."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest

import tokenry
from tokenry.errors import FormatError
from transformers_folders import drawn, hold, write_config

MAPS = {
    "decompose_map": {"c3 89": "c3 41 65", "41": "a0 61", "42": "a0 62", "c3 a9": "65 cc 81"},
    "merge_map": {"61 62": "85", "61 62 63 64": "86 87", "e4 bd": "88", "61 61": "85"},
}
TEXTS = drawn(
    ["ab", "abcd", "abc", "A", "B", "É", "é", "你好", " ", "</s>", "<extra_id_3>", " <pad> ", "\n"]
)


def write(folder: Path, **maps: Any) -> None:
    (folder / "byte_maps.json").write_text(json.dumps({**MAPS, **maps}))


# Theirs never closes its file.
@pytest.mark.filterwarnings("ignore:This sequence already has", "ignore:Exception ignored in")
@pytest.mark.parametrize("config", [{}, {"extra_ids": 0, "additional_special_tokens": ["<x>"]}])
def test_ids_and_text(tmp_path: Path, config: dict[str, Any]) -> None:
    transformers = pytest.importorskip("transformers")
    write(tmp_path)
    write_config(tmp_path, "MyT5Tokenizer", **config)
    ours = tokenry.load(tmp_path)
    hold(ours, transformers.MyT5Tokenizer.from_pretrained(str(tmp_path)), [*TEXTS, "a</s>"])
    ours.save(tmp_path / "tokenry.json")
    again = tokenry.load(tmp_path / "tokenry.json")
    assert again.encode_batch(TEXTS).to_lists() == ours.encode_batch(TEXTS).to_lists()
    assert pickle.loads(pickle.dumps(ours)).encode("Aé") == ours.encode("Aé")


def test_the_file_alone(tmp_path: Path) -> None:
    write(tmp_path)
    ours = tokenry.load(tmp_path)
    assert ours.encode("ab") == [0x85 + 3]
    assert ours.decode([0x85 + 3]) == "aa"  # of two rules to one byte the last counts


@pytest.mark.parametrize("maps", [{"merge_map": {"6": "61"}}, {"decompose_map": ["61"]}])
def test_maps_that_are_none(tmp_path: Path, maps: dict[str, Any]) -> None:
    write(tmp_path, **maps)
    with pytest.raises(FormatError, match="byte_maps"):
        tokenry.load(tmp_path)
