"""``vocab.json`` with ``merges.txt`` without a tokenizer.json, held to every class of transformers
that reads such a folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import tokenry
from tokenry.errors import UnsupportedError
from tokenry.formats import merged_classes, word_ends
from tokenry.vocabulary import BYTE_ALPHABET
from transformers_folders import drawn, hold, write_config, write_lines

TEXTS = drawn(
    ["hello", "he", "Hello", " ", "  ", "\n", "Été", "e\u0301", "中国", "12", ", ", "'s", "!",
     "<s>", "</s>", " <mask> ", "[MASK]", "[SEP]", "<|endoftext|>", "<|startoftext|>", "<ent>",
     "\x1c", "<unk>", "ﬁ", "İ"], 24,
)  # fmt: skip
SPECIALS = ["<s>", "<pad>", "</s>", "<unk>"]
OTHERS = ["<|startoftranscript|>", "<|fr|>", "<|transcribe|>"]
MERGES = ["h e", "l l", "he ll", "Ġ w", "Ġ h", "Ġh e"]
ENDED = ["h e", "l l", "he ll", "hell o</w>", "w o", "1 2</w>"]
WORDS = ("LayoutLMv3Tokenizer", "MarkupLMTokenizer")  # those that are given words


def write(
    folder: Path, kind: str, *, more: bool, numbers: Sequence[Any] = (), **config: Any
) -> None:
    ends = kind in word_ends.KINDS
    merges = ENDED if ends else MERGES
    alphabet = [*BYTE_ALPHABET, *(each + "</w>" for each in BYTE_ALPHABET if ends)]
    names = [*SPECIALS, *alphabet, *(merge.replace(" ", "") for merge in merges)]
    names += ["<|endoftext|>", "<|startoftext|>", "[SEP]", *OTHERS] if more or ends else []
    (folder / "vocab.json").write_text(json.dumps({name: at for at, name in enumerate(names)}))
    write_lines(folder / "merges.txt", ["#version: 0.2", *merges])
    entities = ("[PAD]", "[UNK]", "[MASK]", "[MASK2]")
    (folder / "entity_vocab.json").write_text(json.dumps(dict.fromkeys(entities, 0)))
    numbered = {str(len(names) + place): token for place, token in enumerate(numbers)}
    listed = {"added_tokens_decoder": numbered} if numbers else {}
    write_config(folder, kind, **config, **listed)


class GivenWords:
    """A class that is given words, given those of a text."""

    def __init__(self, theirs: Any) -> None:
        self._theirs = theirs
        self.decode = theirs.decode

    def encode(self, text: str, **options: Any) -> list[int]:
        words = text.split()
        boxes = [[0] * 4] * len(words)
        key = "boxes" if "Layout" in type(self._theirs).__name__ else "xpaths"
        ids = self._theirs(
            words, **{key: boxes if key == "boxes" else [""] * len(words)}, **options
        )
        return list(ids["input_ids"])


def theirs_of(folder: Path, kind: str) -> Any:
    theirs = getattr(pytest.importorskip("transformers"), kind).from_pretrained(str(folder))
    return GivenWords(theirs) if kind in WORDS else theirs


@pytest.mark.parametrize("kind", [*merged_classes.KINDS, *word_ends.KINDS])
@pytest.mark.parametrize(
    "config",
    [
        {},
        {"add_prefix_space": True, "mask_token": "<new>", "add_bos_token": True},
        {"add_prefix_space": False, "additional_special_tokens": ["Été", "<ent>"]},
        {"numbers": [{"content": "Hello", "special": False, "normalized": True},
                     {"content": "<new>", "special": True, "rstrip": True}]},
    ],
    ids=["usual", "prefixed", "more", "numbered"],
)  # fmt: skip
def test_class(tmp_path: Path, kind: str, config: dict[str, Any]) -> None:
    given = {"tags_dict": {"a": 0}} if kind == "MarkupLMTokenizer" else {}
    write(tmp_path, kind, more=not config, **config, **given)
    hold(tokenry.load(tmp_path), theirs_of(tmp_path, kind), TEXTS)


def test_what_whisper_is_told(tmp_path: Path) -> None:
    kind = merged_classes.WHISPER
    write(tmp_path, kind, more=True, task="transcribe", predict_timestamps=True)
    hold(tokenry.load(tmp_path), theirs_of(tmp_path, kind), TEXTS[:9])
    write(tmp_path, kind, more=True, language="fr")
    ids = tokenry.load(tmp_path).encode("a", add_special_tokens=True)
    pieces = json.loads((tmp_path / "vocab.json").read_text())
    assert ids[:2] == [pieces["<|startoftranscript|>"], pieces["<|fr|>"]]
    write(tmp_path, kind, more=True, language="french")
    with pytest.raises(UnsupportedError, match="by its code"):
        tokenry.load(tmp_path)


def test_named_by_the_model_alone(tmp_path: Path) -> None:
    write(tmp_path, "", more=True)
    (tmp_path / "tokenizer_config.json").unlink()
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "deberta"}))
    ours = tokenry.load(tmp_path)
    assert ours.decode(ours.encode("a", add_special_tokens=True)) == "[CLS]a[SEP]"


def test_a_pattern_of_the_callers_own(tmp_path: Path) -> None:
    write(tmp_path, "GPT2Tokenizer", more=False)
    found = tokenry.load(tmp_path, pattern="cl100k")
    assert found.pipeline.pretokenizer.native == "cl100k"
