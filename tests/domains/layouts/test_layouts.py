"""Layouts as bins of pages and back; plans of layouts."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tokenry.domains.layouts import plans
from tokenry.domains.layouts.domain import Layouts
from tokenry.domains.layouts.numbers import decimals
from tokenry.domains.layouts.tokens import ELEMENT, FIRST_BIN, OTHER, OUTSIDE, PAGE
from tokenry.domains.parsed import Parsed
from tokenry.errors import DomainError

PAGE_OF_TWO = (
    b'{"width": 800, "height": 600, "elements": [{"label": "title", "box": [10, 10, 780, 80]}, '
    b'{"label": "image", "box": [100, 200, 300, 300]}]}\n'
)


def names(parsed: Parsed, bins: int = 128) -> list[str]:
    marks = Layouts(bins=bins).marks
    return [marks[mark] for mark in parsed.marks]


def test_a_page_in_bins() -> None:
    parsed = Layouts(bins=10).read(PAGE_OF_TWO)
    assert names(parsed, 10) == [
        "page", "element", "bin 0", "bin 0", "bin 9", "bin 1", "element", "bin 1", "bin 3", "bin 3",
        "bin 5",
    ]  # fmt: skip
    assert [text for _, text in parsed.sections() if text] == [b"800 600", b"title", b"image"]
    assert Layouts(bins=10).write(parsed) == PAGE_OF_TWO


@pytest.mark.parametrize(
    "data",
    [
        PAGE_OF_TWO * 3,
        json.dumps(json.loads(PAGE_OF_TWO), indent=2).encode(),
        PAGE_OF_TWO.replace(b", ", b",").replace(b": ", b":"),
        b'[{"id": 7, "canvas_height": 1.5, "canvas_width": 1, "boxes": [{"bbox": [0.25, 0.5, 0.1, '
        b'1.0], "type": "a \\"b\\"", "z": 3}]}]',
        b'{"elements": [{"x": 1, "y": 2, "w": 3, "h": 4, "label": "a"}], "width": 9, "height": 9}\n'
        * 2,
        PAGE_OF_TWO.replace(b'{"label": "image", "box"', b'{"label": "image", "odd": 1, "box"'),
    ],
)
def test_files_come_back(data: bytes) -> None:
    assert Layouts().write(Layouts().read(data)) == data


def test_boxes_that_reach_out_of_the_page_are_marked() -> None:
    data = PAGE_OF_TWO.replace(b"100, 200, 300, 300", b"-20, 200, 900, 300")
    parsed = Layouts().read(data)
    assert parsed.marks.tolist().count(OUTSIDE) == 1
    assert Layouts().write(parsed) == data
    corners = Layouts(boxes="xyxy").read(PAGE_OF_TWO)
    assert OUTSIDE not in corners.marks


def test_elements_that_are_written_otherwise_are_marked() -> None:
    data = (
        b'{"width": 9, "height": 9, "e": [{"label": "a", "box": [1, 2, 3, 4]}, {"label": "b", '
        b'"box": "none"}, {"label": "c", "box": [1, 2, 3, 4]}]}'
    )
    parsed = Layouts().read(data)
    assert parsed.marks.tolist().count(OTHER) == 1
    assert b'{"label": "b", "box": "none"}' in parsed.run
    assert Layouts().write(parsed) == data


def test_without_exact_numbers_boxes_are_the_middles_of_their_bins() -> None:
    domain = Layouts(bins=10, exact="dropped")
    assert not domain.lossless
    written = json.loads(domain.write(domain.read(PAGE_OF_TWO)))
    assert written["elements"][1] == {"label": "image", "box": [120, 210, 280, 330]}
    assert np.array_equal(
        domain.read(json.dumps(written).encode()).marks, domain.read(PAGE_OF_TWO).marks
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"[]", "no element with a label and four numbers"),
        (b'[{"label": "a", "box": [1, 2, 3, 4]}]', "nothing says how large a page is"),
        (PAGE_OF_TWO.replace(b"800", b"0"), "0 wide"),
    ],
)
def test_what_is_no_layout_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(DomainError, match=message):
        Layouts().read(data)


def test_the_size_of_a_page_can_be_said() -> None:
    data = b'[{"label": "a", "box": [1, 2, 3, 4]}]\n[{"label": "b", "box": [1, 2, 3, 4]}]\n'
    parsed = Layouts(page=(10, 10)).read(data)
    assert parsed.marks.tolist().count(PAGE) == 2
    assert Layouts().write(parsed) == data


@pytest.mark.parametrize(
    ("marks", "message"),
    [
        ([ELEMENT, *[FIRST_BIN] * 4], "stands on no page"),
        ([PAGE, ELEMENT, FIRST_BIN], "four bins behind"),
        ([PAGE, FIRST_BIN], "behind no element"),
    ],
)
def test_marks_that_are_no_pages(marks: list[int], message: str) -> None:
    size = b"9 9" if marks[0] == PAGE else b""
    places = np.full(len(marks), len(size), np.uint64)
    places[:1] = 0
    with pytest.raises(DomainError, match=message):
        Layouts().write(Parsed(run=size, marks=np.array(marks, np.uint16), places=places))


def test_numbers_keep_their_form() -> None:
    texts = [b"0", b"-3", b"0.5", b"-0.25", b"12.340", b"1.0"]
    found = decimals(texts)
    assert found.written() == texts
    assert found.values().tolist() == [0, -3, 0.5, -0.25, 12.34, 1]


def test_plans_are_read_line_by_line() -> None:
    data = b"title: top, large; image: below 1\nno plan: at all\ntext"
    parsed = Layouts().read(data)
    assert names(parsed) == [
        "plan", "wanted", "top", "large", "wanted", "below", "element 1", "line", "other", "line",
        "plan", "wanted",
    ]  # fmt: skip
    assert Layouts().write(parsed) == data


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title: blue", "'blue' is nothing that a plan says"),
        ("title: below 1", "does not come before"),
        ("Titel!: top", "is no label"),
    ],
)
def test_what_is_no_plan(text: str, message: str) -> None:
    with pytest.raises(DomainError, match=message):
        plans.parse(text)


def test_what_boxes_meet() -> None:
    plan = plans.parse("title: top, center, small; image: below 1, large; text: left of 2")
    boxes = np.array([[0.2, 0, 0.6, 0.05], [0.3, 0.1, 0.6, 0.8], [0, 0.3, 0.4, 0.2]])
    assert plans.held(plan, boxes) == [True, True, True, True, True, False]


def test_the_grammar_is_that_of_the_parser() -> None:
    engines = pytest.importorskip("tokenry.decoding.constrained.engines")
    constraint = pytest.importorskip("tokenry.decoding.constrained.constraint")
    grammar = engines.lark_grammar(plans.GRAMMAR)
    for text in ("title", "title: top, large; a-b c: below 1", "x: right of 12"):
        assert constraint.satisfies(grammar, text.encode())
    for text in ("", "title:", "title: blue", "title; ", "x: below"):
        assert not constraint.satisfies(grammar, text.encode())
