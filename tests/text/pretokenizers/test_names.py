"""A name, or an expression; a misspelled name is neither."""

from __future__ import annotations

import pytest

from tokenry.errors import UnsupportedError
from tokenry.text.pretokenizers.names import splitter_named


@pytest.mark.parametrize(
    ("given", "native"),
    [("o200k", "o200k"), ("gpt-4", "cl100k"), ("gpt2+single", "gpt2+single"), ("whole", "whole")],
)
def test_names_and_aliases(given: str, native: str) -> None:
    found = splitter_named(given)
    assert found is not None
    assert found.native == native


@pytest.mark.parametrize("given", [r"\s+", "[^ ]+", ".", " ", "-", "a|b", "(?:ab)+", ""])
def test_expressions(given: str) -> None:
    assert splitter_named(given) is None


@pytest.mark.parametrize(
    ("given", "close"),
    [("o200", "o200k"), ("gpt_2", "gpt2"), ("cl100", "cl100k"), ("superbpe-3", "superbpe-2")],
)
def test_a_plain_word_is_a_misspelled_name(given: str, close: str) -> None:
    with pytest.raises(UnsupportedError, match=rf"named '{given}'; .* did you mean .*'{close}'"):
        splitter_named(given)


def test_a_policy_must_be_one() -> None:
    with pytest.raises(UnsupportedError, match="no number policy is named 'r3l'"):
        splitter_named("o200k+r3l")


def test_names_may_be_fewer() -> None:
    assert splitter_named("whole") is not None
    with pytest.raises(UnsupportedError, match="named 'whole'"):
        splitter_named("whole", ["gpt2", "o200k"])
