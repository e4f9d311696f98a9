"""Patterns that only a backtracking engine can match, and that take it ages."""

from __future__ import annotations

import pytest

from tokenry.errors import EncodeError
from tokenry.text.oniguruma import TextPattern
from tokenry.text.patterns import backtracking
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer

BACK_REFERENCE = r"(a|a)+(b)\2"


def test_it_ends(monkeypatch):
    monkeypatch.setattr(backtracking, "SECONDS", 0.05)
    pretokenizer = RegexPretokenizer(BACK_REFERENCE)
    assert pretokenizer.finder() is None
    assert pretokenizer(b"abb").ends.tolist() == [3]
    with pytest.raises(EncodeError, match="still at work on a text of 60 characters"):
        pretokenizer(b"a" * 60)
    with pytest.raises(EncodeError, match="rewrite it without back references"):
        TextPattern(r"(a|a)+(b)c").occurrences("a" * 60)
