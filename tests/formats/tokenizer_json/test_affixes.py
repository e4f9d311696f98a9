"""Suffixes that end words and prefixes that continue them, as in tokenizers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer as Theirs
from tokenizers import decoders, models, normalizers, pre_tokenizers, trainers

import tokenry
from running import running
from tokenry.errors import FormatError, UnsupportedError
from tokenry.formats.tokenizer_json import reading

load = running(reading.load)
TEXTS = [
    "a cat sat, it's 12",
    "xxaab bab\u4f60\u597d \u00e9\u00e9 ba",
    "",
    "a",
    "\u4f60",
    "The CAT",
]
WORDS = [
    "the",
    "cat",
    "sat",
    "on",
    "a",
    "mat",
    "and",
    "it's",
    "the",
    "bat",
    "that",
    "sat",
    "there",
    "12",
    "134",
    "a",
    "été",
    "abab",
    "babab",
]


def trained(suffix: str, prefix: str, *, by_bytes: bool, fuse: bool) -> Theirs:
    affixes: dict[str, Any] = {"end_of_word_suffix": suffix} if suffix else {}
    affixes |= {"continuing_subword_prefix": prefix} if prefix else {}
    theirs = Theirs(models.BPE(unk_token="<unk>", fuse_unk=fuse, **affixes))
    theirs.pre_tokenizer = (
        pre_tokenizers.ByteLevel(add_prefix_space=False)
        if by_bytes
        else pre_tokenizers.BertPreTokenizer()
    )
    theirs.decoder = decoders.ByteLevel() if by_bytes else decoders.BPEDecoder(suffix=suffix or "@")
    trainer = trainers.BpeTrainer(
        vocab_size=700,
        special_tokens=["<unk>"],
        show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet() if by_bytes else [],
        **affixes,
    )
    theirs.train_from_iterator([" ".join(WORDS)] * 3, trainer)
    return theirs


@pytest.mark.parametrize("by_bytes", [False, True])
@pytest.mark.parametrize(("suffix", "prefix"), [("</w>", ""), ("", "##"), ("</w>", "##")])
@pytest.mark.parametrize("fuse", [False, True])
def test_ids_and_text(suffix: str, prefix: str, by_bytes: bool, fuse: bool) -> None:
    theirs = trained(suffix, prefix, by_bytes=by_bytes, fuse=fuse)
    ours = load(theirs.to_str().encode())
    for text in [*TEXTS, *WORDS]:
        ids = theirs.encode(text).ids
        assert ours.encode(text) == ids
        assert ours.encode_by_hand(text) == ids
        assert ours.decode(ids) == theirs.decode(ids, skip_special_tokens=False)
        assert ours.encode_with_spans(text)[0].tolist() == ids


def clip(folder: Path) -> Theirs:
    """CLIP's files and what they mean, on a small scale."""
    theirs = trained("</w>", "", by_bytes=True, fuse=False)
    spaces = [normalizers.NFC(), normalizers.Replace("  ", " "), normalizers.Lowercase()]
    theirs.normalizer = normalizers.Sequence(spaces)
    content = json.loads(theirs.to_str())
    model = content["model"]
    for character in pre_tokenizers.ByteLevel.alphabet():
        model["vocab"].setdefault(character + "</w>", len(model["vocab"]))
    merges = "\n".join(" ".join(pair) for pair in model["merges"])
    (folder / "vocab.json").write_text(json.dumps(model["vocab"]), encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n" + merges, encoding="utf-8")
    theirs = Theirs.from_str(json.dumps(content))
    return theirs


def test_word_ends_of_clip_are_known_from_the_merges(tmp_path: Path) -> None:
    clip(tmp_path)
    ours = tokenry.load(tmp_path)
    vocab = json.loads((tmp_path / "vocab.json").read_text(encoding="utf-8"))
    assert ours.encode("A a") == [vocab["a</w>"]] * 2
    assert ours.decode(ours.encode("the cat, THE mat")) == "the cat , the mat"


def test_a_pattern_or_lone_merges_are_refused(tmp_path: Path) -> None:
    clip(tmp_path)
    with pytest.raises(UnsupportedError, match="without pattern="):
        tokenry.load(tmp_path, pattern="gpt2")
    with pytest.raises(UnsupportedError, match=r"vocab\.json"):
        tokenry.load(tmp_path / "merges.txt", pattern="gpt2")
    (tmp_path / "vocab.json").write_text('{"a": 0}', encoding="utf-8")
    with pytest.raises(FormatError, match="merges"):
        tokenry.load(tmp_path)
