"""Patterns of rank files, held to tiktoken."""

from __future__ import annotations

import random

import pytest
import tiktoken

from shares import draw, share
from tokenry.errors import UnsupportedError
from tokenry.text.fancy_regex import translate
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer

PATTERNS = (
    r"[\p{L}&&[^\p{Han}]]+",
    r"[\p{L}--\p{Han}]+|.",
    r"[\w&&[^\d_]]+|\d+",
    r"[a-z--[aeiou]--[xyz]]+",
    r"[a-c[x-z]]+",
    r"[^a-c[x-z]]+",
    r"[^\s|&~-]+",
    r"[a~~[ab]c]+|x",
    r"[a-z&&m-q]+|[^a-z&&m-q]",
    r"[[:alpha:]]+|[[:^alpha:]]",
    r"\b\w+\b|\W+",
    r"a\Bb|.",
    r"\s+$|\s+(?!\S)|\S+",
    r"[\x{4e00}-\u{9fa5}]+|.",
    r"[^\]\[]+|x",
    r"[-a]+|[a-]|[\-b]",
    r"(?i:'s|'t)|\p{L}+|\S$|.",
)
ALPHABET = [*"abcxyzmq 019_-'st[]&|~\n\t", *"\u00e9\u4f60\u597d\u00c0\u00df\u017f\u212a\u01c5"]
ALPHABET += [*"\u00b2\u00bc\u2460\u200d\u0301\u0663\u2177\u0bc0"]
BYTES = {bytes([byte]): byte for byte in range(256)}


def texts(rng: random.Random, count: int) -> list[str]:
    return ["".join(rng.choices(ALPHABET, k=rng.randint(0, 30))) for _ in range(count)]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_what_is_kept_is_what_tiktoken_keeps(pattern: str) -> None:
    theirs = tiktoken.Encoding("x", pat_str=pattern, mergeable_ranks=BYTES, special_tokens={})
    ours = RegexPretokenizer(pattern, behaviour="removed", invert=True)
    for text in texts(draw(pattern), share(400)):
        cut = ours(text.encode())
        spans = zip(cut.starts.tolist(), cut.ends.tolist(), strict=True)
        assert b"".join(cut.data[a:b] for a, b in spans) == bytes(theirs.encode_ordinary(text))


@pytest.mark.parametrize(
    "pattern", [r"[a", r"[&&a]", r"\K", r"(?x)a b", r"[[:nothing:]]", r"a\G", "\\", r"\x{110000}"]
)
def test_what_has_no_counterpart_is_refused_by_name(pattern: str) -> None:
    with pytest.raises(UnsupportedError, match="rewrite it"):
        translate(pattern)


@pytest.mark.parametrize("pattern", ["(a", "a{2,1}", "*", r"\p{Nothing}"])
def test_what_nobody_compiles_is_one_clear_error(pattern: str) -> None:
    with pytest.raises(UnsupportedError, match="cannot be compiled"):
        RegexPretokenizer(pattern)
