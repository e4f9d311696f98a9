"""Every name of llama.cpp's pre-tokenizers cuts as its tokenizer.json does in tokenizers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tokenizers import Tokenizer as Theirs

from malformed_files import JSON_FILES, gguf_file
from running import running
from shares import draw, share
from tokenry.errors import UnsupportedError
from tokenry.formats import gguf
from tokenry.formats.gguf_pretokenizers import IGNORES_MERGES, KNOWN, NFC, cutting

load = running(gguf.load)
HOT = [*"aHel o12345.,!'\n\t ", "'s", "Hello", "\r\n", "  ", "e\u0301", "\u4f60\u3042", "\u0e01",
       "A", "\u00c4", "(", "|", "\u0660", "IMGIMGAZ", "<sentinel:1>", "1234567"]  # fmt: skip


@pytest.mark.parametrize("kind", sorted(set(KNOWN.values())))
def test_text_is_cut_as_by_tokenizers(kind: str) -> None:
    name = next(name for name, each in KNOWN.items() if each == kind)
    content = JSON_FILES["bpe"]()
    content["normalizer"] = {"type": "NFC"} if name in NFC else None
    content["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": cutting(name, "")}
    content["model"]["ignore_merges"] = name in IGNORES_MERGES
    theirs, ours = Theirs.from_str(json.dumps(content)), load(gguf_file(pre=name))
    rng = draw(kind)
    for _ in range(share(200)):
        text = "".join(rng.choices(HOT, k=rng.randint(0, 24)))
        assert ours.encode(text) == theirs.encode(text).ids, text
        pieces = theirs.pre_tokenizer.pre_tokenize_str(text) if name not in NFC else []
        if pieces and kind != "falcon":
            cut = [text[begin:end] for _, (begin, end) in pieces]
            assert [*map(bytes.decode, _pretokens(ours, text))] == [piece for piece in cut if piece]


def _pretokens(tokenizer, text: str) -> list[bytes]:
    found = tokenizer.pretokenizer(text.encode())
    bounds = zip(found.starts.tolist(), found.ends.tolist(), strict=True)
    return [found.data[begin:end] for begin, end in bounds]


def test_a_name_is_of_one_kind_and_others_are_refused() -> None:
    assert len(KNOWN) > 60
    assert {*IGNORES_MERGES, *NFC} <= KNOWN.keys()
    with pytest.raises(UnsupportedError, match="qwen2"):
        cutting("of tomorrow", "GGUF")


@pytest.mark.shared
def test_those_of_the_census_are_the_published_ones(census: Path) -> None:
    for folder, name in (("deepseek-v3", "deepseek-v3"), ("qwen3", "qwen2"), ("mpt-gguf", "mpt")):
        content = json.loads((census / folder / "tokenizer.json").read_text(encoding="utf-8"))
        theirs = Theirs.from_str(json.dumps(content))
        ours = load(gguf_file(pre=name))
        rng = draw(folder)
        for _ in range(50):
            text = "".join(rng.choices(HOT[:-4], k=rng.randint(0, 24)))
            if not text.isascii():
                continue
            cut = [text[a:b] for _, (a, b) in theirs.pre_tokenizer.pre_tokenize_str(text)]
            assert [*map(bytes.decode, _pretokens(ours, text))] == cut
