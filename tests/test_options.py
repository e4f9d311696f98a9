"""Options that their annotations check, and that are written and read."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenry.errors import LearnError
from tokenry.options import IDLE, Bounds, Natural, Positive, Share, check, from_json, to_json


@dataclass(frozen=True, kw_only=True)
class Everything:
    size: Positive = 5
    least: Natural = 0
    limit: Positive | None = None
    share: Share = 0.5
    odd: Annotated[float, Bounds(above=0, below=1)] = 0.5
    part: float | int = 0.9
    flag: bool = False
    name: str = "a"
    mode: Literal["fast", "exact"] = "fast"
    alphabet: bytes = b"ab"
    specials: tuple[str, ...] = ()
    pairs: tuple[tuple[bytes, bytes], ...] = ()
    weights: tuple[Annotated[float, Bounds(0)], ...] | None = None
    words: str | os.PathLike[str] | Sequence[str] = ()
    terms: Mapping[str, Collection[str]] | None = None
    rule: Callable[[str], str] | None = field(default=None, repr=False)
    threads: Positive | None = field(default=None, metadata=IDLE)

    def __post_init__(self) -> None:
        check(self, LearnError)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("size", "32k", "size '32k'; expected a whole number of 1 or more"),
        ("size", None, "size None; expected a whole number"),
        ("size", True, "size True; expected a whole number"),
        ("size", 3.5, r"size 3\.5; expected a whole number"),
        ("size", 0, "size 0; expected a whole number of 1 or more"),
        ("size", -5, "size -5; expected"),
        ("size", np.float64(3), "size .*; expected a whole number"),
        ("least", -1, "least -1; expected a whole number of 0 or more"),
        ("limit", 0, "limit 0; expected a whole number of 1 or more or None"),
        ("limit", "x", "limit 'x'; expected a whole number of 1 or more or None"),
        ("share", 1.5, r"share 1\.5; expected a number from 0 to 1"),
        ("share", float("nan"), "share nan; expected a number from 0 to 1"),
        ("share", True, "share True"),
        ("odd", 1, "odd 1; expected a number above 0 and below 1"),
        ("part", "0.9", "part '0.9'; expected a number or a whole number"),
        ("flag", 1, "flag 1; expected True or False"),
        ("name", b"a", "name b'a'; expected a text"),
        ("name", None, "name None; expected a text"),
        ("mode", "slow", "mode 'slow'; expected 'fast' or 'exact'"),
        ("alphabet", "ab", "alphabet 'ab'; expected bytes"),
        ("alphabet", [97], r"alphabet \[97\]; expected bytes"),
        ("specials", "abc", "specials 'abc'; expected a tuple of texts"),
        ("specials", ("a", 1), r"specials \('a', 1\); expected a tuple of texts"),
        ("pairs", ((b"a",),), r"pairs .*; expected a tuple of tuples of \(bytes, bytes\)"),
        ("weights", (1, -1), "weights .*; expected a tuple of numbers of 0 or more or None"),
        ("weights", (float("inf"),), "weights"),
        ("words", 5, "words 5; expected a text, a path or a list of texts"),
        ("words", [5], r"words \[5\]"),
        ("terms", {"a": "b"}, "terms .*; expected a mapping of texts to lists of texts or None"),
        ("terms", ["a"], "terms"),
        ("rule", "x", "rule 'x'; expected a function or None"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: object, expected: str) -> None:
    with pytest.raises(LearnError, match=f"^{expected}"):
        Everything(**{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("size", np.int64(7), 7),
        ("share", 1, 1.0),
        ("part", 20_000, 20_000),
        ("part", 0.25, 0.25),
        ("specials", ["a", "b"], ("a", "b")),
        ("pairs", [[b"a", b"b"]], ((b"a", b"b"),)),
        ("weights", [1, 2], (1.0, 2.0)),
        ("words", Path("x"), Path("x")),
        ("words", ["a"], ("a",)),
        ("terms", {"a": {"c", "b"}}, {"a": ("b", "c")}),
        ("rule", str.lower, str.lower),
    ],
)
def test_what_may_stand_for_another_becomes_it(name: str, value: object, kept: object) -> None:
    found = getattr(Everything(**{name: value}), name)  # type: ignore[arg-type]
    assert found == kept
    assert type(found) is type(kept)


def test_long_values_are_cut_in_messages() -> None:
    with pytest.raises(LearnError, match=r"^name b'aaa.*\.\.\.; expected a text$") as raised:
        Everything(name=b"a" * 1000)  # type: ignore[arg-type]
    assert len(str(raised.value)) < 120


def test_json_is_canonical() -> None:
    one = Everything(specials=["a"], share=1, threads=3, alphabet=b"\xff a")  # type: ignore[arg-type]
    other = Everything(specials=("a",), share=1.0, threads=1, alphabet=b"\xff a", rule=str.lower)
    assert to_json(one) == to_json(other)
    found = json.loads(to_json(one))
    assert list(found) == sorted(found)
    assert found["alphabet"] == "\xff a"
    assert not {"threads", "rule"} & found.keys()
    assert "\n" not in to_json(one)


@given(
    data=st.fixed_dictionaries(
        {
            "size": st.integers(1, 2**40),
            "share": st.floats(0, 1),
            "part": st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False)),
            "name": st.text(max_size=5),
            "alphabet": st.binary(max_size=9),
            "pairs": st.lists(st.tuples(st.binary(max_size=3), st.binary(max_size=3)), max_size=3),
            "weights": st.none() | st.lists(st.floats(0, 9), max_size=3),
            "terms": st.none()
            | st.dictionaries(st.text(max_size=3), st.lists(st.text(max_size=3))),
        }
    )
)
def test_what_is_written_is_read_back(data: dict[str, Any]) -> None:
    given_ = Everything(**data)
    again = from_json(Everything, to_json(given_))
    assert again == given_
    assert type(again.part) is type(given_.part)


@dataclass(frozen=True)
class Given:
    folder: Path | None = None
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check(self, LearnError)


def test_paths_may_be_texts_and_a_lone_text_is_no_list() -> None:
    assert Given(folder="a/b").folder == Path("a/b")  # type: ignore[arg-type]
    with pytest.raises(LearnError, match=r"names 'one'; .* put it into a list, \['one'\]"):
        Given(names="one")  # type: ignore[arg-type]
