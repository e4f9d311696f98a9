"""Dataclasses as plain data, and plain data as dataclasses."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenry.errors import FormatError
from tokenry.json_data import FLAT, UNSAVED, plain, typed
from tokenry.results import Result


@dataclass(frozen=True)
class Figure:
    value: float
    where: tuple[Path, ...]


def test_plain_is_json() -> None:
    assert plain({1: (float("inf"), {"a": Figure(1.5, ())})}) == {
        "1": [None, {"a": {"value": 1.5, "where": []}}]
    }


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


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [
        (bytes, "\xff a", b"\xff a"),
        (float | int, 2, 2),
        (float | int, 2.0, 2.0),
        (int | float | None, 0.5, 0.5),
        (str | tuple[str, ...], ["a"], ("a",)),
        (Sequence[int], [1, 2], (1, 2)),
        (Annotated[int, "from 1 on"], 3, 3),
        (tuple[tuple[bytes, bytes], ...], [["a", "b"]], ((b"a", b"b"),)),
        (Mapping[str, Sequence[str]] | str, {"a": ["b"]}, {"a": ("b",)}),
    ],
)
def test_a_value_becomes_what_its_annotation_says(kind: Any, value: object, found: object) -> None:
    read = typed(kind, value)
    assert read == found
    assert type(read) is type(found)
    assert plain(read) == value


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (bytes, "\u0100"),
        (float | int, "2"),
        (int | bytes, [2]),
        (Sequence[int], {"a": 1}),
        (Mapping[str, int], [1]),
        (str, {"a": 1}),
    ],
)
def test_a_value_of_none_of_the_kinds_is_named(kind: Any, value: object) -> None:
    with pytest.raises(FormatError, match=r"^x.y is .*; expected "):
        typed(kind, value, "x.y")


def test_a_caller_may_say_what_objects_are() -> None:
    def name(figure: Figure) -> dict[str, object]:
        return {"kind": "figure", "value": figure.value}

    def figure(kind: Any, content: Mapping[str, Any], where: str) -> Figure:
        assert (kind, where) == (Figure, "all[0]")
        return Figure(content["value"], ())

    figures = (Figure(1.5, ()),)
    assert plain(figures, name) == [{"kind": "figure", "value": 1.5}]
    assert typed(tuple[Figure, ...], plain(figures, name), "all", figure) == figures
