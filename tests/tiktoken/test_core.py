"""`Encoding` against tiktoken itself; a small vocabulary with holes and two specials on one id."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import tiktoken

import tokenry.tiktoken as ours
from fuzz_text import fuzz_strings, without_surrogates
from oracles import comparable
from shares import draw, share
from small_tokenizers import learned_ranks

SPECIALS = {"<|endoftext|>": 3000, "<|endofprompt|>": 3005, "<|reserved_3005|>": 3005}
PATTERN = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|"
    r"\s++$|\s*[\r\n]|\s+(?!\S)|\s"
)
HOW: tuple[dict[str, Any], ...] = (
    {"disallowed_special": ()},
    {"allowed_special": "all"},
    {"allowed_special": {"<|endoftext|>", "no special"}, "disallowed_special": ()},
    {"allowed_special": {"<|endoftext|>"}, "disallowed_special": ["<|endoftext|> <|endoftext|>"]},
)


def small(module: ModuleType) -> Any:
    return module.Encoding(
        "small", pat_str=PATTERN, mergeable_ranks=learned_ranks(), special_tokens=SPECIALS
    )


THEIRS, OURS = small(tiktoken), small(ours)


def texts(purpose: str, count: int) -> list[str]:
    rng = draw(purpose)
    made = [
        comparable(without_surrogates(text), "tiktoken") for text in fuzz_strings(rng, share(count))
    ]
    return [*made, *("".join(rng.choices([*SPECIALS, " ", "the", "\n"], k=4)) for _ in range(20))]


def test_encodes_equally() -> None:
    for text in texts("tiktoken", 400):
        assert OURS.encode_ordinary(text) == THEIRS.encode_ordinary(text)
        for how in HOW:
            assert OURS.encode(text, **how) == THEIRS.encode(text, **how)
        ids = THEIRS.encode(text, allowed_special="all")
        assert OURS.decode(ids) == THEIRS.decode(ids).replace(
            "<|reserved_3005|>", "<|endofprompt|>"
        )
        assert OURS.decode_tokens_bytes(ids[:1]) == OURS.decode_tokens_bytes(ids)[:1]


def test_offsets_are_equal() -> None:
    for text in texts("tiktoken offsets", 100):
        ids = THEIRS.encode(text, disallowed_special=())
        assert OURS.decode_with_offsets(ids) == THEIRS.decode_with_offsets(ids)


def test_batches_are_lists() -> None:
    many = texts("tiktoken batches", 100)
    for how in HOW[:3]:
        batch = OURS.encode_batch(many, **how)
        assert batch == THEIRS.encode_batch(many, **how)
        assert all(type(row) is list for row in [batch, *batch])
    batch = OURS.encode_ordinary_batch(many, num_threads=2)
    assert batch == THEIRS.encode_ordinary_batch(many)
    assert OURS.decode_batch(batch) == many
    assert OURS.decode_bytes_batch(batch) == [text.encode() for text in many]


def test_numpy() -> None:
    ids = OURS.encode_to_numpy("the <|endoftext|>", allowed_special="all")
    assert ids.dtype == np.uint32
    assert (
        ids.tolist() == THEIRS.encode_to_numpy("the <|endoftext|>", allowed_special="all").tolist()
    )


def test_what_it_has() -> None:
    for name in ("name", "n_vocab", "max_token_value", "eot_token", "special_tokens_set"):
        assert getattr(OURS, name) == getattr(THEIRS, name)
    assert repr(OURS) == repr(THEIRS)
    assert OURS.token_byte_values() == THEIRS.token_byte_values()
    assert [OURS.is_special_token(id_) for id_ in (3005, 3001)] == [True, False]
    for id_ in range(3006):
        expected = result(lambda _, each=id_: THEIRS.decode_single_token_bytes(each), tiktoken)
        given = result(lambda _, each=id_: OURS.decode_single_token_bytes(each), ours)
        if isinstance(expected, KeyError):
            assert isinstance(given, KeyError)
        else:
            assert given == expected or id_ == 3005
    assert OURS.decode_single_token_bytes(3005) == b"<|endofprompt|>"  # the first that was given
    for special, id_ in SPECIALS.items():
        assert (
            OURS.encode_single_token(special) == OURS.encode_single_token(special.encode()) == id_
        )


def result(call: Callable[[ModuleType], object], module: ModuleType) -> object:
    try:
        return call(module)
    except Exception as error:
        return error


WRONG: tuple[Callable[[Any], object], ...] = (
    lambda enc: enc.encode("a <|endoftext|>"),
    lambda enc: enc.encode("a", disallowed_special="a"),
    lambda enc: enc.encode("ab", disallowed_special=["b"]),
    lambda enc: enc.encode_batch(["a", "<|endofprompt|>"]),
    lambda enc: enc.encode_to_numpy("<|endofprompt|>"),
    lambda enc: enc.encode_with_unstable("<|endofprompt|>"),
    lambda enc: enc.encode("a", allowed_special=["<|endoftext|>"]),
    lambda enc: enc.encode(b"a"),
    lambda enc: enc.encode(None),
    lambda enc: enc.encode_ordinary(b"a"),
    lambda enc: enc.encode_ordinary_batch([1]),
    lambda enc: enc.encode_batch(["a"], num_threads=0),
    lambda enc: enc.encode_single_token("the the"),
    lambda enc: enc.encode_single_token(3),
    lambda enc: enc.decode([3001]),
    lambda enc: enc.decode([5000]),
    lambda enc: enc.decode([-1]),
    lambda enc: enc.decode([2**40]),
    lambda enc: enc.decode("ab"),
    lambda enc: enc.decode([1.5]),
    lambda enc: enc.decode(None),
    lambda enc: enc.decode([enc.encode_single_token(b"\xc3")], errors="strict"),
    lambda enc: enc.decode_bytes_batch([[1], [3001]]),
    lambda enc: enc.decode_single_token_bytes(3001),
    lambda enc: enc.decode_single_token_bytes(-1),
    lambda enc: enc.decode_single_token_bytes("a"),
    lambda enc: enc.decode_with_offsets([enc.encode_single_token(b"\xc3")]),
    lambda enc: enc.is_special_token("a"),
)


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_exceptions_are_of_the_same_kind(number: int) -> None:
    theirs = result(lambda _: WRONG[number](THEIRS), tiktoken)
    assert isinstance(theirs, Exception)
    with pytest.raises(type(theirs)):
        WRONG[number](OURS)


def test_surrogates() -> None:
    assert OURS.encode("\ud83d\udc4d") == THEIRS.encode("👍")
    assert OURS.encode("\ud83d") == THEIRS.encode("\ud83d")


@pytest.mark.parametrize("how", [pickle.dumps, copy.deepcopy, copy.copy])
def test_copies_encode_equally(how: Callable[[Any], Any]) -> None:
    copied = how(OURS)
    copied = pickle.loads(copied) if isinstance(copied, bytes) else copied
    assert copied.encode("the end<|endoftext|>", allowed_special="all") == OURS.encode(
        "the end<|endoftext|>", allowed_special="all"
    )
    assert (copied.name, copied._pat_str) == ("small", PATTERN)


def test_any_pattern_and_any_bytes() -> None:
    made = ours.Encoding(
        "odd", pat_str="a+", mergeable_ranks={b"a": 0, b"aa": 1}, special_tokens={}
    )
    assert made.encode("aaab") == [1, 0]  # what the pattern does not match is dropped
    with pytest.raises(KeyError):
        made.eot_token  # noqa: B018


def test_what_cannot_be_an_encoding() -> None:
    with pytest.raises(ValueError, match="rank"):
        ours.Encoding("x", pat_str="a", mergeable_ranks={b"a": 0, b"b": 0}, special_tokens={})
    with pytest.raises(ValueError, match="compile"):
        ours.Encoding("x", pat_str="a(", mergeable_ranks={b"a": 0}, special_tokens={})
    with pytest.raises(AssertionError):
        ours.Encoding(
            "x", pat_str="a", mergeable_ranks={b"a": 0}, special_tokens={}, explicit_n_vocab=3
        )
