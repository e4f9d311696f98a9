from __future__ import annotations

import pydoc_data.topics
from pathlib import Path

import pytest
from shard_checks import write_lines

from tokenry.learning import learn
from tokenry.tokenizer import Tokenizer

SPECIALS = ("<|endoftext|>", "<fim_prefix>", "<fim_suffix>", "<fim_middle>", "<|bos|>", "<|pad|>")


@pytest.fixture(scope="session")
def texts() -> list[str]:
    """Documents of different lengths, some of them not ASCII."""
    topics = pydoc_data.topics.topics
    found = [topics[name] for name in sorted(topics)][:36]
    return [*found, "naïve 中文 日本語 한국어 😀 " * 9, "x", "short", "y = 1\n" * 40] * 2


@pytest.fixture(scope="session")
def tokenizer(texts: list[str]) -> Tokenizer:
    return learn(texts, vocab_size=700, special_tokens=SPECIALS)


@pytest.fixture(scope="session")
def sources(texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The texts in four files, one record a line; ``sources/*`` is all of them."""
    folder = tmp_path_factory.mktemp("sources")
    for number in range(4):
        write_lines(folder / f"{number}.jsonl.gz", texts[number::4])
    return folder
