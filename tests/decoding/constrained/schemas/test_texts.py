"""Strings write the texts that are meant, and patterns are found as `re` finds them."""

from __future__ import annotations

import json
import re

import pytest

from fuzz_text import fuzz_string
from shares import draw, share
from tokenry.decoding.constrained import Regex
from tokenry.decoding.constrained.automaton import Automaton
from tokenry.decoding.constrained.schemas.formats import FORMATS
from tokenry.decoding.constrained.schemas.kinds import Characters
from tokenry.decoding.constrained.schemas.texts import (
    pattern_language,
    quoted,
    string_language,
    text_language,
)
from tokenry.errors import ConstraintError

PATTERNS = (
    "a", "^a", "a$", "^a+b$", "(^a|b$)", "^(a|bb)$", "^$", "", "^a|^b", "[^a]$", "a{2}", "(a|$)b?",
    "^(?<name>a)b",
)  # fmt: skip


def has(automaton: Automaton, text: bytes) -> bool:
    state = automaton.start()
    for byte in text:
        state = None if state is None else automaton.step(state, byte)
    return state is not None and automaton.last in state


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_are_found(pattern: str) -> None:
    language, compiled = pattern_language(pattern), re.compile(pattern.replace("?<", "?P<"))
    source = draw(pattern)
    for _ in range(share(300)):
        text = "".join(source.choices("abc", k=source.randint(0, 5)))
        assert has(language, text.encode()) == (compiled.search(text) is not None), text


def test_categories_are_those_of_schemas() -> None:
    """Digits and letters of ASCII alone, white space of all kinds."""
    assert [has(pattern_language(r"^\d$"), t.encode()) for t in "1٣"] == [True, False]
    assert [has(pattern_language(r"^\w$"), t.encode()) for t in "aé_"] == [True, False, True]
    assert [has(pattern_language(r"^\s$"), t.encode()) for t in " \u00a0\u3000a"] == [True] * 3 + [
        False
    ]
    assert [has(pattern_language(r"^[^\d]$"), t.encode()) for t in "1٣"] == [False, True]


@pytest.mark.parametrize("pattern", [r"(?=a)b", r"(a)\1", r"\bx", r"a(?!b)", "("])
def test_what_is_not_regular_is_named(pattern: str) -> None:
    with pytest.raises(ConstraintError, match=r"not regular|no regular expression"):
        pattern_language(pattern)


def test_quoted_texts_are_those_that_json_reads() -> None:
    strings, source = string_language(Characters()), draw("quoted")
    for _ in range(share(400)):
        text = fuzz_string(source)[:4]
        if any("\ud800" <= c <= "\udfff" for c in text):
            continue
        written = json.dumps(text, ensure_ascii=False)
        assert has(strings, written.encode()) == ("\x7f" not in text)
        escaped = "".join(
            f"\\u{ord(c):04x}"
            if ord(c) < 32 or c == "\x7f"
            else json.dumps(c, ensure_ascii=False)[1:-1]
            for c in text
        )
        assert has(strings, f'"{escaped}"'.encode())
        if any(ord(c) < 32 for c in text):
            assert not has(strings, f'"{text}"'.encode())
    for wrong in ('"', "a", '"a', '"\\x"', '"\\u0041"', '"\n"', '"""', '"\\"'):
        assert not has(strings, wrong.encode()), wrong


def test_lengths_count_characters() -> None:
    language = string_language(Characters(2, 3))
    for text in ("a", "é中", "a\n😀", "abcd", "\\\\", ""):
        assert has(language, json.dumps(text, ensure_ascii=False).encode()) == (2 <= len(text) <= 3)
    assert not has(text_language(Characters(2, 1)), b"ab")
    assert text_language(Characters(2, only="é")).start() is None
    assert has(text_language(Characters(1, 1, only="é")), "é".encode())
    both = Characters(3, 4, (pattern_language("^a"), pattern_language("b$")))
    for text in ("ab", "axb", "axxb", "axxxb", "xxb"):
        assert has(text_language(both), text.encode()) == (text in ("axb", "axxb"))
    with pytest.raises(ConstraintError, match="maxLength is above 8,000"):
        string_language(Characters(0, 100_000))


FITTING = {
    "date": ("2024-02-29", "1999-12-31"), "time": ("23:59:60Z", "01:02:03.45+01:30"),
    "date-time": ("2024-01-31T00:00:00z",), "duration": ("P1Y2M3DT4H", "PT5M", "P3W", "P1M"),
    "email": ("a.b+c@d-e.org", "x@[127.0.0.1]"), "hostname": ("a.b-c.de", "localhost"),
    "ipv4": ("0.10.199.255",), "ipv6": ("::", "1::", "::1", "1:2:3:4:5:6:7:8", "a:b::c:d"),
    "uuid": ("123e4567-e89b-12d3-a456-426614174000",),
    "uri": ("https://a@b.c:80/d/e?f=g#h", "mailto:x@y", "urn:a:b", "http://[::1]/", "file:///a"),
}  # fmt: skip
UNFIT = {
    "date": ("2024-02-30", "2024-13-01", "24-01-01"), "time": ("24:00:00Z", "01:02:03"),
    "date-time": ("2024-01-31 00:00:00Z",), "duration": ("P", "PT", "P1H", "P1Y2D"),
    "email": ("a@", "a b@c", "a..b@c"), "hostname": ("-a", "a..b", "a-"),
    "ipv4": ("256.1.1.1", "1.1.1", "01.1.1.1"), "ipv6": (":", "1:2:3:4:5:6:7", "::1::", "g::"),
    "uuid": ("123e4567e89b12d3a456426614174000",), "uri": ("a b:c", "//x", "1a:b", "http://a b"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_formats(name: str) -> None:
    language = Regex(FORMATS[name])
    for text in FITTING[name]:
        assert has(language.language, text.encode()), text
        assert has(quoted(language.language), f'"{text}"'.encode())
    for text in UNFIT[name]:
        assert not has(language.language, text.encode()), text
