"""Zero differing ids on small tokenizers that the other libraries make in this test."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
import tokenizers
from hypothesis import given
from hypothesis import strategies as st
from small_models import HUGGING_FACE, SENTENCEPIECE

from fuzz_text import fuzz_strings, texts
from oracles import comparable
from peers import (
    Oracle,
    as_text,
    assert_exact,
    byte_level_ranks,
    from_hugging_face,
    from_sentencepiece,
    from_tiktoken,
    write_ranks,
)
from shares import share
from stream_checks import assert_streams
from tokenry import load
from tokenry.tokenizer import Tokenizer

BYTE_LEVEL = ("gpt2", "cl100k", "o200k", "llama3", "qwen2")
Models = Callable[[str], tokenizers.Tokenizer]


@pytest.fixture(scope="session", params=BYTE_LEVEL)
def rank_pair(
    request: pytest.FixtureRequest,
    hugging_face_model: Models,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Tokenizer, Oracle]:
    """Our tokenizer and tiktoken's of the same rank file."""
    ranks = byte_level_ranks(hugging_face_model("byte-level"))
    specials = {"<|endoftext|>": len(ranks), "<|fim_prefix|>": len(ranks) + 1}
    path = write_ranks(ranks, tmp_path_factory.mktemp("ranks") / "small.tiktoken")
    ours = load(path, pattern=request.param, special_tokens=specials)
    return ours, from_tiktoken(ranks, request.param, specials)


def test_rank_file_on_real_text(rank_pair: tuple[Tokenizer, Oracle], samples: list[str]) -> None:
    assert_exact(*rank_pair, samples)


def test_rank_file_on_trouble(rank_pair: tuple[Tokenizer, Oracle], rng: random.Random) -> None:
    assert_exact(*rank_pair, list(fuzz_strings(rng, 400)))


def test_allowed_specials_are_found(
    rank_pair: tuple[Tokenizer, Oracle], rng: random.Random
) -> None:
    ours, oracle = rank_pair
    assert oracle.encode_special is not None
    for text in fuzz_strings(rng, 200):
        marked = f"{text}<|endoftext|>{text[::-1]}<|fim_prefix|>"
        assert ours.encode(marked, allowed_special="all") == oracle.encode_special(marked)


@pytest.fixture(scope="session", params=HUGGING_FACE)
def json_pair(
    request: pytest.FixtureRequest,
    hugging_face_model: Models,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Tokenizer, Oracle]:
    """Our tokenizer and that of tokenizers from the same tokenizer.json."""
    path = tmp_path_factory.mktemp(request.param) / "tokenizer.json"
    hugging_face_model(request.param).save(str(path))
    return load(path), from_hugging_face(tokenizers.Tokenizer.from_file(str(path)))


def test_tokenizer_json_on_real_text(
    json_pair: tuple[Tokenizer, Oracle], samples: list[str]
) -> None:
    assert_exact(*json_pair, samples)


def test_tokenizer_json_on_trouble(json_pair: tuple[Tokenizer, Oracle], rng: random.Random) -> None:
    ours, oracle = json_pair
    made = [comparable(text, "tokenizers") for text in fuzz_strings(rng, 300)]
    assert_exact(ours, oracle, [as_text(ours, text) for text in made])


@pytest.fixture(scope="session", params=SENTENCEPIECE)
def model_pair(
    request: pytest.FixtureRequest, sentencepiece_model: Callable[[str], Path]
) -> tuple[Tokenizer, Oracle]:
    """Our tokenizer and sentencepiece's from the same .model."""
    path = sentencepiece_model(request.param)
    return load(path), from_sentencepiece(path)


def test_sentencepiece_on_real_text(
    model_pair: tuple[Tokenizer, Oracle], samples: list[str]
) -> None:
    assert_exact(*model_pair, samples)


def test_sentencepiece_on_trouble(model_pair: tuple[Tokenizer, Oracle], rng: random.Random) -> None:
    # sentencepiece stops at a NUL byte in some of its Python entry points
    plain = [text.replace("\0", "") for text in fuzz_strings(rng, 300)]
    assert_exact(*model_pair, plain)


@given(text=texts())
def test_cl100k_pattern_by_property(
    text: str, hugging_face_model: Models, small_cl100k: tuple[Tokenizer, Oracle]
) -> None:
    ours, oracle = small_cl100k
    assert ours.encode(text) == oracle.encode(text)
    assert ours.decode(ours.encode(text)) == text


@given(data=st.binary(max_size=40))
def test_any_bytes_come_back(data: bytes, small_cl100k: tuple[Tokenizer, Oracle]) -> None:
    ours, _ = small_cl100k
    ids, spans = ours.encode_with_spans(data)
    assert ours.decode_bytes(ids) == data
    assert [data[begin:end] for begin, end in spans.tolist()] == [ours.vocabulary[i] for i in ids]


@given(text=st.text(st.characters(), max_size=20), lone=st.sampled_from("\ud800\udbff\udc00\udfff"))
def test_lone_surrogates_are_replacement_characters(
    text: str, lone: str, small_cl100k: tuple[Tokenizer, Oracle]
) -> None:
    ours, oracle = small_cl100k
    broken = text + lone + text
    assert ours.encode(broken) == oracle.encode(broken)


@pytest.fixture(scope="session")
def small_cl100k(
    hugging_face_model: Models, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Tokenizer, Oracle]:
    """A small rank file with the pattern of cl100k."""
    ranks = byte_level_ranks(hugging_face_model("byte-level"))
    path = write_ranks(ranks, tmp_path_factory.mktemp("cl100k") / "small.tiktoken")
    return load(path, pattern="cl100k"), from_tiktoken(ranks, "cl100k", {})


def test_streams_of_tokenizer_json(json_pair: tuple[Tokenizer, Oracle], rng: random.Random) -> None:
    assert_streams(json_pair[0], rng, share(300))


def test_streams_of_sentencepiece(model_pair: tuple[Tokenizer, Oracle], rng: random.Random) -> None:
    assert_streams(model_pair[0], rng, share(300))
