"""Tokenizers of a few thousand pieces, learned by tests on text that every machine has."""

from __future__ import annotations

import functools
import json
import pydoc_data.topics
from base64 import b64encode

import tiktoken
import tokenizers
from tokenizers import models, pre_tokenizers, trainers

from tokenry.vocabulary import from_byte_level

SPECIALS = {"<|endoftext|>": 3000, "<|endofprompt|>": 3005}


@functools.cache
def learned(size: int = 3000) -> tokenizers.Tokenizer:
    """Byte-level BPE learned by ``tokenizers``; ids: the byte alphabet, then merges in order."""
    topics = pydoc_data.topics.topics
    text = [topics[name] for name in sorted(topics)] + ["naïve 中文 日本語 한국어 Ελλάς мир"] * 20
    tokenizer = tokenizers.Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(text, trainer)
    return tokenizer


def learned_ranks(size: int = 3000) -> dict[bytes, int]:
    """Piece -> rank of `learned`."""
    return {from_byte_level(text): id_ for text, id_ in learned(size).get_vocab().items()}


def rank_file(ranks: dict[bytes, int]) -> bytes:
    """A tiktoken rank file."""
    rows = sorted(ranks.items(), key=lambda row: row[1])
    return b"".join(b"%b %d\n" % (b64encode(piece), rank) for piece, rank in rows)


def vocab_and_merges(size: int = 3000) -> tuple[bytes, bytes]:
    """``vocab.json`` and ``merges.txt`` of `learned`."""
    model = json.loads(learned(size).to_str())["model"]
    pairs = [pair.split(" ") if isinstance(pair, str) else pair for pair in model["merges"]]
    lines = ["#version: 0.2", *(" ".join(pair) for pair in pairs)]
    return json.dumps(model["vocab"]).encode(), "\n".join([*lines, ""]).encode()


def oracle(ranks: dict[bytes, int], pattern: str, specials: dict[str, int]) -> tiktoken.Encoding:
    """tiktoken itself."""
    return tiktoken.Encoding(
        "oracle", pat_str=pattern, mergeable_ranks=ranks, special_tokens=specials
    )
