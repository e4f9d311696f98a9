"""Texts encoded word by word against the steps that they stand for."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from functools import cache

import pytest
import tokenizers
from tokenizers import decoders, models, normalizers, pre_tokenizers, trainers

from fuzz_text import fuzz_bytes, fuzz_strings
from tokenry.formats.tokenizer_json import load
from tokenry.text.engine import NativeEncoder
from tokenry.text.tokenizer import Tokenizer
from tokenry.text.utf8 import to_utf8

MARK = "\u2581"
PROSE = [
    "the quick brown fox  jumps over the lazy dog",
    "def main(arguments):",
    "    return sum(range(10)) if arguments else None",
    "\u7684\u4e00\u662f\u4e0d\u7684\u4e00 \u662f\u4e0d \u4e86\u4eba\u6211\u5728",
    "na\u00efve stra\u00dfe \u043f\u0440\u0438\u0432\u0435\u0442 \u043c\u0438\u0440",
] * 8


def _llama(normalizer: normalizers.Normalizer | None) -> Tokenizer:
    """Characters with fallback bytes, spaces as marks, no pre-tokenizer: Llama's file."""
    model = tokenizers.Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    model.pre_tokenizer = pre_tokenizers.Metaspace(split=False)
    fallback = [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = trainers.BpeTrainer(
        vocab_size=600, special_tokens=["<unk>", *fallback], show_progress=False
    )
    words = [f"{MARK}{word}" for line in PROSE for word in line.split()]
    model.train_from_iterator([*words, *[MARK * n for n in (2, 4, 8)] * 9], trainer)
    model.pre_tokenizer = None
    model.normalizer = normalizer
    model.decoder = decoders.ByteFallback()
    # Files do not mark fallback bytes as special; the trainer knows no other way to give them ids.
    file = json.loads(model.to_str())
    file["added_tokens"] = file["added_tokens"][:1]
    return load(json.dumps(file).encode())


def _marked(*steps: normalizers.Normalizer) -> Tokenizer:
    return _llama(normalizers.Sequence([*steps, normalizers.Replace(" ", MARK)]))


PIPELINES: dict[str, Callable[[], Tokenizer]] = {
    "a mark put first": lambda: _marked(normalizers.Prepend(MARK)),
    "nothing put first": lambda: _marked(),
}


@cache
def _made(name: str) -> tuple[Tokenizer, NativeEncoder]:
    tokenizer = PIPELINES[name]()
    return tokenizer, NativeEncoder(tokenizer.segmenter, tokenizer.pretokenizer)


def _by_steps(name: str, texts: list[str | bytes]) -> list[list[int]]:
    tokenizer, encoder = _made(name)
    cutter = tokenizer._cutter(frozenset())
    return [encoder.encode(to_utf8(text), cutter).tolist() for text in texts]


def _texts(rng: random.Random, count: int) -> Iterator[str | bytes]:
    yield from [
        "",
        " ",
        "  ",
        "a",
        " a",
        "a ",
        MARK,
        f"a{MARK}",
        f"{MARK} {MARK}",
        "\x00",
        "\u200b",
    ]
    yield from PROSE[:5]
    yield from fuzz_strings(rng, count)
    yield from fuzz_bytes(rng, count)
    # words of every size that caches and merging treat by itself, and texts longer than a page
    yield from ("a" * n + " " * (n % 4) + "b" * n for n in (14, 15, 16, 17, 31, 48, 49, 512, 513))
    yield from (" ".join(fuzz_strings(rng, 400)) for _ in range(4))


@pytest.mark.parametrize("name", PIPELINES)
def test_texts_one_by_one(name: str, rng: random.Random) -> None:
    texts = list(_texts(rng, 1500))
    tokenizer, _ = _made(name)
    for text, expected in zip(texts, _by_steps(name, texts), strict=True):
        assert tokenizer.encode(text) == expected, ascii(text)
        assert tokenizer.count(text) == len(expected)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("name", PIPELINES)
def test_batches(name: str, threads: int, rng: random.Random) -> None:
    texts = list(_texts(rng, 3000))
    tokenizer, _ = _made(name)
    tokenizer._encoder()._local.clear_cache()  # type: ignore[union-attr]
    for _ in range(2):  # unknown words, then known ones
        assert tokenizer.encode_batch(texts, threads=threads).to_lists() == _by_steps(name, texts)


@pytest.mark.parametrize("name", PIPELINES)
def test_the_readable_twin_agrees(name: str, rng: random.Random) -> None:
    tokenizer, _ = _made(name)
    for text in _texts(rng, 150):
        assert tokenizer.encode(text) == tokenizer.encode_by_hand(text), ascii(text)


def test_words_that_do_not_stand_alone_are_left_to_the_steps() -> None:
    tokenizer, _ = _made("a mark put first")
    local = tokenizer._encoder()._local
    assert local is not None
    assert local.encode(f"a{MARK} b") is None
    assert local.encode(b"a\xff b") is None
    ids, offsets, others = local.encode_batch(["a b", f"{MARK}", "", "b"])
    assert others == [1]
    two, one = tokenizer.encode("a b"), tokenizer.encode("b")
    assert offsets.tolist() == [0, len(two), len(two), len(two), len(two + one)]
    assert ids.tolist() == two + one


def test_lone_surrogates_are_replaced() -> None:
    tokenizer, _ = _made("a mark put first")
    assert tokenizer.encode("a \ud800") == tokenizer.encode("a \ufffd")
    assert tokenizer.encode_batch(["b", "a \ud800"])[1].tolist() == tokenizer.encode("a \ufffd")


def test_memory_is_bounded_and_told() -> None:
    tokenizer, _ = _made("a mark put first")
    tokenizer.encode("some words")
    stats = tokenizer._encoder()._local.stats()  # type: ignore[union-attr]
    assert stats["workers"] >= 1
    assert 0 < stats["cache_bytes"] <= stats["workers"] * (24 << 20)
