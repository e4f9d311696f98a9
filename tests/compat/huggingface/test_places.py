"""Offsets that are worked out in the core are those of tokenizers, for every kind of model."""

from __future__ import annotations

import functools
import pydoc_data.topics
from collections.abc import Callable
from typing import Any

import pytest
from tokenizers import (
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)

import tokenry
from fuzz_text import fuzz_strings
from shares import draw, share
from small_tokenizers import learned

TOPICS = [pydoc_data.topics.topics[name] for name in sorted(pydoc_data.topics.topics)]
WORDS = ["naïve café 中文 日本語 мир größer — ’quoted’"] * 30


def trained(tokenizer: Tokenizer, trainer: Any) -> Tokenizer:
    tokenizer.train_from_iterator([*TOPICS, *WORDS], trainer)
    return tokenizer


def byte_level(**options: Any) -> Tokenizer:
    tokenizer = Tokenizer.from_str(learned().to_str())
    tokenizer.post_processor = processors.ByteLevel(**options)
    return tokenizer


def bert() -> Tokenizer:
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    return trained(
        tokenizer,
        trainers.WordPieceTrainer(
            vocab_size=1500, special_tokens=["[UNK]", "[MASK]"], show_progress=False
        ),
    )


def unigram() -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    return trained(
        tokenizer,
        trainers.UnigramTrainer(
            vocab_size=1000, special_tokens=["<unk>"], unk_token="<unk>", show_progress=False
        ),
    )


def prepended() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]
    )
    return trained(
        tokenizer,
        trainers.BpeTrainer(
            vocab_size=1000, special_tokens=["<unk>"], show_progress=False, max_token_length=9
        ),
    )


MADE: dict[str, Callable[[], Tokenizer]] = {
    "byte level": lambda: byte_level(trim_offsets=False),
    "trimmed": lambda: byte_level(trim_offsets=True, add_prefix_space=False),
    "trimmed but for one": lambda: byte_level(trim_offsets=True, add_prefix_space=True),
    "bert": bert,
    "unigram": unigram,
    "prepended": prepended,
}


@functools.cache
def both(name: str) -> tuple[Tokenizer, Tokenizer]:
    stock = MADE[name]()
    return stock, tokenry.accelerate(Tokenizer.from_str(stock.to_str()))


def known(encodings: list[Any]) -> int:
    """Of how many texts the core says the offsets."""
    found = encodings[0]._sheet.batch.found
    return 0 if found is None else len(encodings) - len(found.missing)


@pytest.mark.parametrize("name", MADE)
def test_offsets_of_fuzz_are_those_of_tokenizers(name: str) -> None:
    stock, ours = both(name)
    texts = [*fuzz_strings(draw(f"places of {name}"), share(400), 60)]
    expected, given = stock.encode_batch(texts), ours.encode_batch(texts)
    for text, theirs, found in zip(texts, expected, given, strict=True):
        assert found.offsets == theirs.offsets, text
        assert found.ids == theirs.ids


@pytest.mark.parametrize("name", MADE)
def test_offsets_of_plain_text_do_not_need_tokenizers(name: str) -> None:
    stock, ours = both(name)
    texts = [text[:2000].replace("\u2026", "") for text in TOPICS if len(text) > 300]
    given = ours.encode_batch(texts)
    assert [each.offsets for each in given] == [each.offsets for each in stock.encode_batch(texts)]
    assert known(given) == len(texts)


def test_what_becomes_nothing_is_in_no_token() -> None:
    stock, ours = both("bert")
    texts = [f"do\x12n\x7f't \x01so\x02 \u200b{'or they end ' * 30}\x13"]
    given = ours.encode_batch(texts)
    assert given[0].offsets == stock.encode_batch(texts)[0].offsets
    assert known(given) == 1
