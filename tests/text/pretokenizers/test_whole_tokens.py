"""Whole tokens: the native splitter against the split pattern, and no word torn."""

from __future__ import annotations

import random

import numpy as np
import pytest
import tokenizers
from hypothesis import given

from fuzz_text import fuzz_bytes, texts
from tokenry import _native
from tokenry.errors import UnsupportedError
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.pretokenizers.whole_tokens import WholeTokenPretokenizer

TOKENS = (
    *("(a)", "(ab)", "art", " art", "1995", "199", "19", "  ", "    ", "\n\n", "<b>", "</b>"),
    *("U.S.C.", " U.S.C.", " U.S.C. \u00a7", "\u00e9t\u00e9", "\u4e2d\u6587", "F.2d", "-", "a.b"),
)
ATOMS = (*TOKENS, "p", "y", "1", " ", "x", ",", ")", "(", "\n", "\u0301", "<", ".", "\u4e2d", "A")
BASES = ("o200k", "gpt2", "cl100k", "qwen3.5", "o200k+r2l3")


def cut(pretokenizer: WholeTokenPretokenizer, text: str) -> list[str]:
    found = pretokenizer(text.encode())
    spans = zip(found.starts.tolist(), found.ends.tolist(), strict=True)
    return [found.data[a:b].decode() for a, b in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("party art arty", "party| art| arty"),
        ("1995 11995 19951", "1995| |119|95| |199|51"),
        ("f(a),(b)", "f|(a)|,(|b|)"),
        ("18 U.S.C. \u00a7 1983", "18| U.S.C. \u00a7| |198|3"),
        ("xF.2d F.2d", "x|F|.|2|d| F|.|2|d"),
    ],
)
def test_what_is_kept_whole(text: str, expected: str) -> None:
    assert "|".join(cut(WholeTokenPretokenizer("o200k", TOKENS), text)) == expected


@pytest.mark.parametrize("base", BASES)
def test_the_core_is_equal_to_the_pattern(base: str, rng: random.Random) -> None:
    pretokenizer = WholeTokenPretokenizer(base, TOKENS)
    splitter = pretokenizer.native_splitter()
    for turn in range(250):
        text = "".join(rng.choices(ATOMS, k=rng.randint(1, 40))).encode()
        data = text if turn % 4 else next(iter(fuzz_bytes(rng, 1, 20)))
        expected = pretokenizer.by_pattern(data).ends
        for capacity in (4096, 1, 3):
            found = splitter.split(data, capacity=capacity)
            np.testing.assert_array_equal(found, expected, repr(data))


@given(texts(20))
def test_on_any_text(text: str) -> None:
    pretokenizer = WholeTokenPretokenizer("o200k", TOKENS)
    data = text.encode()
    np.testing.assert_array_equal(pretokenizer(data).ends, pretokenizer.by_pattern(data).ends)


def test_tokenizers_reads_the_pattern(rng: random.Random) -> None:
    pretokenizer = WholeTokenPretokenizer("o200k", TOKENS)
    oracle = tokenizers.pre_tokenizers.Split(tokenizers.Regex(pretokenizer.pattern), "isolated")
    for _ in range(200):
        text = "".join(rng.choices(ATOMS, k=rng.randint(1, 40)))
        assert cut(pretokenizer, text) == [piece for piece, _ in oracle.pre_tokenize_str(text)]


def test_without_tokens_it_is_the_base(rng: random.Random) -> None:
    pretokenizer = WholeTokenPretokenizer("o200k", ())
    for data in fuzz_bytes(rng, 50):
        np.testing.assert_array_equal(
            pretokenizer(data).ends, NativePretokenizer("o200k")(data).ends
        )


def test_tokens_all_over_a_long_text() -> None:
    data = b"(a)," * 200_000 + b"a.b" * 100_000
    ends = WholeTokenPretokenizer("o200k", TOKENS)(data).ends
    assert ends[-1] == len(data)


def test_bad_input() -> None:
    for name in ("superbpe", "whole", "o200k+r2l3+signs"):
        with pytest.raises(UnsupportedError, match="such as o200k"):
            WholeTokenPretokenizer(name, ())
    with pytest.raises(UnsupportedError, match="twice"):
        WholeTokenPretokenizer("o200k", ("a", "a"))
    with pytest.raises(ValueError, match="empty"):
        _native.whole_token_splitter("o200k", [b""])
