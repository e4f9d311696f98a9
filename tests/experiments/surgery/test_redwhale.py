"""Which documents are Korean."""

from __future__ import annotations

from experiments.surgery.redwhale import hangul_share


def test_hangul_is_counted_without_white_space() -> None:
    assert hangul_share("한국어 abc") == 0.5
    assert hangul_share(" \n") == 0
