"""Expressions accept what Python's `re` matches whole, and know when it is too late."""

from __future__ import annotations

import itertools
import re

import pytest

from fuzz_text import fuzz_string
from shares import draw, share
from tokenry.decoding.constrained import Regex, satisfies
from tokenry.decoding.constrained.constraint import advanced
from tokenry.decoding.constrained.utf8_ranges import byte_ranges, complement
from tokenry.errors import ConstraintError

PATTERNS = (
    "a{2,3}b*", "(a|bb)+", "", "a?b?a?", "[^a]*", "(?:ab|a)(b|)", "a{0,2}?b", "^ab$|b", "[ab]{2}",
    "(a*)*b",    "b{3}|a{1,}", r"a.b", r"\s?a\d?",
)  # fmt: skip
WIDE = (
    r"\w+", r"[^\W\d_]+é?", r"[à-ž]+", r".", r"[^x]{2}", "[\u0400-\U0001F600]+", r"\d+",
    r"(?i)straße|É+", r"(?s).*", r"(?a)\w+|中.",
)  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_whole_matches_and_beginnings(pattern: str) -> None:
    """Over short texts of two letters: what can be begun is what begins a match."""
    expression, anchored = Regex(pattern), re.compile(pattern)
    texts = ["".join(each) for n in range(6) for each in itertools.product("ab", repeat=n)]
    matched = {text for text in texts if anchored.fullmatch(text)}
    for text in texts:
        assert satisfies(expression, text.encode()) == (text in matched), text
        if len(text) < 3:
            begun = advanced(expression, expression.start(), text.encode()) is not None
            more = any(other.startswith(text) for other in matched)
            assert begun or not more
            assert more or not begun or any(c in pattern for c in r".\d"), (text, begun)


@pytest.mark.parametrize("pattern", WIDE)
def test_characters_of_any_width(pattern: str) -> None:
    expression, compiled, source = Regex(pattern), re.compile(pattern), draw(pattern)
    for _ in range(share(200)):
        text = fuzz_string(source)[: source.randint(0, 3)]
        if not any("\ud800" <= c <= "\udfff" for c in text):
            found = satisfies(expression, text.encode())
            assert found == (compiled.fullmatch(text) is not None), text


def test_every_character_has_its_bytes_once() -> None:
    edges = (0, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF, 0x3A9, 0x4E2D)
    source = draw("byte ranges")
    for _ in range(share(200)):
        first, last = sorted(source.sample((*edges, source.randrange(0xD800)), 2))
        ranges = [*byte_ranges(first, last)]
        for code in (first, last, source.randint(first, last), source.randrange(0x110000)):
            if 0xD800 <= code <= 0xDFFF:
                continue
            data = chr(code).encode()
            fit = [
                sequence
                for sequence in ranges
                if len(sequence) == len(data)
                and all(
                    low <= byte <= high for byte, (low, high) in zip(data, sequence, strict=True)
                )
            ]
            assert len(fit) == (first <= code <= last)
    assert complement([(0, 5), (3, 9), (11, 0x10FFFF)]) == [(10, 10)]


@pytest.mark.parametrize(
    ("pattern", "why"),
    [("a(", "no regular expression"), (r"(a)\1", "is not regular"), (r"\bx", "is not regular"),
     ("(?=a)a", "is not regular"), ("a^b", "is not regular"), ("(a{999}){999}", "smaller counts")],
)  # fmt: skip
def test_what_is_not_regular_is_named(pattern: str, why: str) -> None:
    with pytest.raises(ConstraintError, match=why):
        Regex(pattern)


def test_an_expression_that_nothing_matches_has_no_start() -> None:
    assert Regex(r"[^\s\S]").start() is None
    assert Regex(r"a[^\s\S]|b").start() is not None
    assert advanced(Regex(r"a[^\s\S]|b"), Regex(r"a[^\s\S]|b").start(), b"a") is None
