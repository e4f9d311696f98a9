"""Registries: lazy, complete, and helpful where a name is wrong."""

from __future__ import annotations

import sys

import pytest

from tokenry.errors import LearnError, MissingExtraError
from tokenry.registry import Entry, Registry

SHAPES: Registry[object] = Registry(
    "shape",
    [
        Entry("square", "colorsys:rgb_to_hsv", source="Nobody 1900"),
        Entry("circle", "tests_have_no_such_package:Circle", extra="neural"),
    ],
    LearnError,
)


def test_is_a_mapping_in_the_order_given() -> None:
    assert list(SHAPES) == ["square", "circle"]
    assert len(SHAPES) == 2
    assert SHAPES["square"].source == "Nobody 1900"
    assert "triangle" not in SHAPES
    assert repr(SHAPES) == "Registry(shape: square, circle)"


def test_imports_only_what_is_asked_for() -> None:
    sys.modules.pop("colorsys", None)
    entry = Registry("shape", [Entry("square", "colorsys:rgb_to_hsv")]).entry("square")
    assert entry.summary.startswith("Conversion functions")
    assert "colorsys" not in sys.modules
    assert callable(entry.load())
    assert "colorsys" in sys.modules


def test_a_wrong_name_says_what_there_is() -> None:
    with pytest.raises(LearnError, match=r"named 'sqare'; there are square, circle; did"):
        SHAPES.load("sqare")


def test_a_missing_package_names_its_extra() -> None:
    with pytest.raises(MissingExtraError, match=r"tokenry\[neural\]"):
        SHAPES.load("circle")


def test_two_entries_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two entries"):
        Registry("shape", [Entry("a", "x:y"), Entry("a", "x:z")])
