"""Result files: plain JSON that states format and version."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenry.errors import FormatError, StudyError
from tokenry.results import FLAT, UNSAVED, Result, plain, read_result, typed, write_result


@dataclass(frozen=True)
class Figure:
    value: float
    where: tuple[Path, ...]


def test_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = write_result(
        tmp_path / "r.json", {"best": Figure(float("nan"), (Path("a"),))}, format="x", version=2
    )
    assert read_result(path, format="x", version=2) == {
        "format": "x",
        "version": 2,
        "best": {"value": None, "where": ["a"]},
    }


def test_plain_is_json() -> None:
    assert plain({1: (float("inf"), {"a": Figure(1.5, ())})}) == {
        "1": [None, {"a": {"value": 1.5, "where": []}}]
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is not JSON"),
        ("[]", "not of the format 'x'"),
        (json.dumps({"format": "y", "version": 2}), "not of the format 'x'"),
        (json.dumps({"format": "x", "version": 1}), "version 1 of x, expected 2; delete it"),
    ],
)
def test_other_files_are_named(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "r.json"
    path.write_text(content)
    with pytest.raises(FormatError, match=message):
        read_result(path, format="x", version=2, remedy="delete it")
    with pytest.raises(StudyError, match=message):
        read_result(path, format="x", version=2, remedy="delete it", error=StudyError)


@dataclass(frozen=True, slots=True)
class Size(Result):
    width: int
    unit: Literal["px", "pt"] = "px"


@dataclass(frozen=True)
class Whole(Result):
    name: str
    share: float
    place: Path | None
    size: Size = field(metadata=FLAT)
    sizes: tuple[Size, ...]
    pair: tuple[int, str]
    counts: dict[int, float]
    more: dict[str, Size | None]
    anything: Any
    folder: str = field(default="", metadata=UNSAVED)


@dataclass(frozen=True)
class Named(Result):
    tokens: int
    figures: dict[str, Size] = field(metadata=FLAT)
    seen: list[bool] = field(default_factory=list)


numbers = st.floats(allow_nan=False, allow_infinity=False)
sizes = st.builds(Size, st.integers(), st.sampled_from(["px", "pt"]))
wholes = st.builds(
    Whole,
    name=st.text(),
    share=numbers,
    place=st.sampled_from([None, Path("a/b")]),
    size=sizes,
    sizes=st.lists(sizes, max_size=3).map(tuple),
    pair=st.tuples(st.integers(), st.text()),
    counts=st.dictionaries(st.integers(), numbers, max_size=3),
    more=st.dictionaries(st.text(), st.none() | sizes, max_size=3),
    anything=st.none() | st.integers(),
)


@given(wholes)
def test_typed_undoes_plain(whole: Whole) -> None:
    content = whole.to_json()
    assert json.loads(json.dumps(content)) == content
    assert "folder" not in content
    assert content["width"] == whole.size.width
    assert Whole.from_json(content) == whole


@given(st.dictionaries(st.sampled_from("abc"), sizes))
def test_a_flat_mapping_has_the_keys_that_are_no_fields(figures: dict[str, Size]) -> None:
    named = Named(3, figures, [True])
    assert set(named.to_json()) == {"tokens", "seen", *figures}
    assert Named.from_json(named.to_json()) == named
    assert Named.from_json({"tokens": 3}) == Named(3, {})


def test_null_is_no_number() -> None:
    assert math.isnan(typed(float, plain(math.nan)))
    assert typed(float | None, None) is None
    assert typed(tuple[float, ...], [1, 2.5]) == (1.0, 2.5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": None}, "name is None; expected str"),
        ({"share": "x"}, "share is 'x'; expected float"),
        ({"share": True}, "share is True; expected float"),
        ({"unit": "em"}, "unit is 'em'"),
        ({"sizes": [{"width": 1}, {"unit": "pt"}]}, r"sizes\[1\].width is missing; expected int"),
        ({"sizes": {}}, "sizes is {}; expected tuple"),
        ({"pair": [1]}, r"pair is \[1\]"),
        ({"counts": 3}, "counts is 3; expected dict"),
        ({"more": {"k": 1}}, "more.k is 1; expected Size"),
        ({"place": 7}, "place is 7; expected Path"),
    ],
)
def test_other_data_is_named(change: dict[str, object], message: str) -> None:
    whole = Whole("a", 1.0, None, Size(3), (), (1, "x"), {}, {}, None)
    with pytest.raises(FormatError, match=message):
        Whole.from_json({**whole.to_json(), **change})
    with pytest.raises(FormatError, match=r"the whole is \[\]; expected Whole"):
        typed(Whole, [])
