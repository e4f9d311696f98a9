"""Sets of code points, held to the `regex` module."""

from __future__ import annotations

import numpy as np
import pytest

from tokenry.text.patterns import sets
from tokenry.text.patterns.characters import (
    EVERYTHING,
    NOTHING,
    CharacterSet,
    literal,
    members,
    named,
)
from tokenry.text.unicode.character_sets import table

SETS = (
    "[abc]", "[^abc]", "[a-z]", r"[^\r\n\p{L}\p{N}]", r"[\x41-\x5A_]", r"[\u4e00-\u9fa5]", "[-a]",
    "[a-]", r"[\]\-]", r"[!-/:-~]", "[k-s\u00df]", r"[^\s]", "[\u00b5\u212a]", "[ab&&b]", "[[ab]c]",
)  # fmt: skip


@pytest.mark.parametrize("text", SETS)
@pytest.mark.parametrize("ignoring_case", [False, True])
def test_sets(text, ignoring_case):
    assert sets.set_members(text, ignoring_case) == members(text, ignoring_case)


@pytest.mark.parametrize("character", [*"akKsi1'. ", "\u00e9", "\u017f", "\u212a", "\u4e2d"])
@pytest.mark.parametrize("fully", [False, True])
def test_literals(character, fully):
    for ignoring_case in (False, True):
        found = members(f"[{character}]", ignoring_case, fully)
        assert literal(character, ignoring_case, fully) == found


def test_named():
    points = np.arange(0x110000)
    assert named("PUNCTUATION").contains(points).tolist() == table("PUNCTUATION").tolist()


def test_operations():
    few, more = CharacterSet.of(np.array([3, 5])), CharacterSet.of(np.array([4, 9]))
    assert (few | more).array().tolist() == [3, 9]
    assert (few - more).array().tolist() == [3, 4]
    assert (more - few).array().tolist() == [5, 9]
    assert (EVERYTHING - EVERYTHING) == NOTHING
    assert (NOTHING | few) == few
    assert few.contains(np.array([2, 3, 4, 5])).tolist() == [False, True, True, False]
