"""What we save is loaded, with equal ids, by the libraries that read such files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import tokenry
from small_tokenizers import SPECIALS, learned_ranks, rank_file

TEXT = "Hello world, it's 12345 of them. <|endoftext|> naïve 中文 <|endofprompt|>\n\n  and more"


def with_transformers(folder: Path) -> list[int]:
    transformers = pytest.importorskip("transformers")
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    return tokenizer(TEXT, add_special_tokens=False)["input_ids"]


def with_tokenizers(folder: Path) -> list[int]:
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(folder / "tokenizer.json")).encode(TEXT).ids


# The next two are in benchmarks/requirements.txt; their tests run where they are installed.
def with_fastokens(folder: Path) -> list[int]:
    fastokens = pytest.importorskip("fastokens")
    return fastokens.Tokenizer.from_file(str(folder / "tokenizer.json")).encode(TEXT).ids


def with_gigatoken(folder: Path) -> list[int]:
    gigatoken = pytest.importorskip("gigatoken")
    return [*map(int, gigatoken.Tokenizer(str(folder / "tokenizer.json")).encode(TEXT))]


READERS: tuple[Callable[[Path], list[int]], ...] = (
    with_tokenizers,
    with_transformers,
    with_fastokens,
    with_gigatoken,
)


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("pattern", ["o200k", "gpt2"])
def test_specials_behind_holes_are_read(
    read: Callable[[Path], list[int]], pattern: str, tmp_path: Path
) -> None:
    given = rank_file(learned_ranks())
    tokenizer = tokenry.load(given, pattern=pattern, special_tokens=SPECIALS)
    assert tokenizer.save(tmp_path).exact
    assert read(tmp_path) == tokenizer.encode(TEXT, allowed_special="all")
