"""Vocabularies of characters: ids and text are those of transformers' Wav2Vec2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import tokenry
from tokenry.errors import FormatError, UnsupportedError
from transformers_folders import drawn

MARKS = ["<pad>", "<s>", "</s>", "<unk>", "|"]


def folder(path: Path, names: list[str], **config: object) -> Path:
    ids = {name: id_ for id_, name in enumerate(names)}
    (path / "vocab.json").write_text(json.dumps(ids))
    if config:
        (path / "tokenizer_config.json").write_text(json.dumps(config))
    return path


@pytest.mark.parametrize(
    ("names", "config"),
    [
        ([*MARKS, *"EANHLOW'"], {}),
        ([*"ehlowaD'", "|", "[UNK]", "[PAD]"], {"unk_token": "[UNK]", "pad_token": "[PAD]"}),
        ([*MARKS, *"helo ", "ch", "\u0259"], {"tokenizer_class": "Wav2Vec2CTCTokenizer"}),
    ],
)
def test_ids_and_text(names: list[str], config: dict[str, str], tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    path = folder(tmp_path, names, **config)
    uses = {use: text for use, text in config.items() if use != "tokenizer_class"}
    theirs = transformers.Wav2Vec2CTCTokenizer(str(path / "vocab.json"), **uses)
    ours = tokenry.load(path)
    for text in ("HELLO WORLD", "hello  world", "", "xyz\u4f60", "HE'LL", "hch o\u0259", "a|b"):
        ids = theirs.encode(text)
        assert ours.encode(text, allowed_special="all") == ids
        if ids and not {*"  ", "\u4f60", "x"} & {*text[-1:], *text[:1]}:
            assert ours.decode(ids).strip() == theirs.decode(ids).strip()
    for special in filter(None, (theirs.unk_token, theirs.pad_token, theirs.bos_token)):
        assert ours.encode(special, allowed_special="all") == theirs.encode(special)


def test_what_is_no_vocabulary_of_characters(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"needs merges\.txt"):
        tokenry.load(folder(tmp_path, ["a", "b", "ab"]))
    with pytest.raises(UnsupportedError, match="target_lang"):
        tokenry.load(
            folder(
                tmp_path,
                [*MARKS, "a"],
                tokenizer_class="Wav2Vec2CTCTokenizer",
                target_lang="eng",
            )
        )


def test_specials_eat_the_spaces_around_them(tmp_path: Path) -> None:
    kind = "Wav2Vec2CTCTokenizer"
    theirs = getattr(pytest.importorskip("transformers"), kind)
    ours = tokenry.load(folder(tmp_path, [*MARKS, *"HEL", "ch"], tokenizer_class=kind))
    theirs = theirs.from_pretrained(str(tmp_path))
    letters = ["H", "E", "L", " ", "<s>", "</s>", "<pad>", "<unk>", " <s> ", "x", "|", "ch "]
    for text in drawn(letters):
        assert ours.encode(text, allowed_special="all") == theirs.encode(text), text
