"""Rules that are compiled and read again, by us and by sentencepiece."""

from __future__ import annotations

import random

import pytest

from shares import share
from tokenry.errors import UnsupportedError
from tokenry.text.normalizers.charsmap import Charsmap
from tokenry.text.normalizers.charsmap_compiling import compiled


def made(rng: random.Random) -> dict[bytes, bytes]:
    letters = rng.choice(["ab", "abcdefgh", "a\u0301\u00e9\u4e2d\u6587\U0001f642"])

    def text(least: int) -> bytes:
        return "".join(rng.choices(letters, k=rng.randint(least, 4))).encode()

    return {text(1): text(0) for _ in range(rng.choice([1, 2, 20, 300]))}


def test_rules_come_back(rng: random.Random) -> None:
    for _ in range(share(200)):
        rules = made(rng)
        assert dict(Charsmap(compiled(rules)).rules.table) == rules


def test_no_rules_are_nothing() -> None:
    assert compiled({}) == b""


def test_equal_ends_are_kept_once() -> None:
    ends = [bytes([97 + at // 26, 97 + at % 26]) * 3 for at in range(600)]
    some = len(compiled({b"x" + each: b"1" for each in ends}))
    twice = compiled({first + each: b"1" for first in (b"x", b"y") for each in ends})
    assert len(twice) == some


@pytest.mark.parametrize("rules", [{b"": b"x"}, {b"a\0": b"x"}, {b"a": b"\0"}])
def test_what_cannot_be_kept_is_refused(rules: dict[bytes, bytes]) -> None:
    with pytest.raises(UnsupportedError, match="empty or has a zero byte"):
        compiled(rules)
