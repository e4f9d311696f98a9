"""English as it is spoken, held to transformers' ClvpTokenizer."""

from __future__ import annotations

import json
import pickle
import random
from pathlib import Path
from typing import Any

import pytest

import tokenry
from tokenry.text.normalizers.spoken_english import SpokenEnglish, spelled
from transformers_folders import drawn, hold, write_config, write_lines

LETTERS = [
    "Mr. ", "mrs.", "Dr. ", "drs.", "st.", "co. ", "Hello", "he", " ", "  ", "\n", "é", '"', "'s",
    "1", "12", "0", "2000", "2004", "1900", "1,000", "$", "$3.50", "$1.01", "$1.2.3", "$0.00", ".",
    "th", "st", "2nd", "11th", "[STOP]", "[SPACE]", "<|endoftext|>", "[UNK]", "3.14", "00", "x",
]  # fmt: skip


def write(folder: Path, **config: Any) -> None:
    names = ["[STOP]", "[UNK]", "[SPACE]", *"abdefghiklmnorstuvwy,-'.", "Ġ", "he", "ll", "Ġh", "Ġo"]
    (folder / "vocab.json").write_text(json.dumps({name: at for at, name in enumerate(names)}))
    merges = ["h e", "l l", "he ll", "Ġ h", "Ġ o", "o n", "on e", "t h"]  # not all have names
    write_lines(folder / "merges.txt", ["#version: 0.2", *merges])
    write_config(folder, "ClvpTokenizer", **config)


@pytest.mark.parametrize("config", [{}, {"clean_up_tokenization_spaces": True}, {"unk_token": "a"}])
def test_ids_and_text(tmp_path: Path, config: dict[str, Any]) -> None:
    transformers = pytest.importorskip("transformers")
    write(tmp_path, **config)
    theirs = transformers.ClvpTokenizer.from_pretrained(str(tmp_path))
    ours = tokenry.load(tmp_path)
    known = [text for text in drawn(LETTERS) if _is_read(theirs, text)]
    assert len(known) > 40
    named = config.get("unk_token") is None  # else added tokens are spelled like the alphabet
    hold(ours, theirs, known, decodes=named)
    assert pickle.loads(pickle.dumps(ours)).encode("$3.50") == ours.encode("$3.50")


def _is_read(theirs: Any, text: str) -> bool:
    """Whether their sums of dollars have no comma left."""
    try:
        theirs.encode(text)
    except ValueError:
        return False
    return True


def test_what_is_spelled_out() -> None:
    module = pytest.importorskip("transformers.models.clvp.number_normalizer")
    theirs, ours, draw = module.EnglishNormalizer(), SpokenEnglish(), random.Random(4)
    numbers = [draw.randrange(10 ** draw.randint(1, 20)) for _ in range(300)]
    for number in (*range(0, 3100, 7), *range(1999, 2012), *numbers):
        text = f"{number}, {number}th ${number}.{number % 100:02} {number:,}"
        assert ours(text) == theirs(text), text
    assert spelled("0" * 5000) == "zero"
    assert ours("1" * 5000) == "number out of range"
    assert ours("$,5") == "$,five"
