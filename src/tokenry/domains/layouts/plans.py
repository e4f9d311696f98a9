"""What is wanted of a layout, as text with a grammar: the step between a description and boxes.

Source: Lin et al. 2023, "A Parse-Then-Place Approach for Generating Graphic Layouts from Textual
Descriptions", arXiv:2308.12700: a description is parsed into a formal representation, and boxes are
placed by that. The language here is our own, a line a page:

    title: top, center, large; image: below 1; text: middle, left, small

Places are thirds of the page, by the middle of the box; sizes are shares of its area; relations are
to an element before, by number from 1 on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import DomainError

ROWS: Final = ("top", "middle", "bottom")
COLUMNS: Final = ("left", "center", "right")
SIZES: Final = ("small", "medium", "large")
RELATIONS: Final = ("above", "below", "left of", "right of")
MOST_ELEMENTS: Final = 32
WORDS: Final = (
    "wanted", *ROWS, *COLUMNS, *SIZES, *RELATIONS,
    *(f"element {number}" for number in range(1, MOST_ELEMENTS + 1)),
)  # fmt: skip
"""Names of the marks of plans."""
SMALL: Final = 0.05
LARGE: Final = 0.25  # of the area of the page
SLACK: Final = 0.02  # of a side of the page, by which boxes that touch may overlap
GRAMMAR: Final = """start: wanted ("; " wanted)*
wanted: LABEL (": " clause (", " clause)*)?
clause: PLACE | RELATION " " NUMBER
LABEL: /[A-Za-z][A-Za-z0-9_-]*( [A-Za-z0-9_-]+)*/
PLACE: "top" | "middle" | "bottom" | "left" | "center" | "right" | "small" | "medium" | "large"
RELATION: "above" | "below" | "left of" | "right of"
NUMBER: /[1-9][0-9]?/
"""
"""The grammar of a line, as lark and llguidance read it."""
_LABEL: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(?: [A-Za-z0-9_-]+)*")
_RELATION: Final = re.compile(rf"({'|'.join(RELATIONS)}) ([1-9]\d?)")


@dataclass(frozen=True)
class Clause:
    """One thing that is wanted: a place, a size, or a relation to element ``of`` (from 1 on)."""

    word: str
    of: int = 0

    def __str__(self) -> str:
        return f"{self.word} {self.of}" if self.of else self.word


@dataclass(frozen=True)
class WantedElement:
    """An element of a plan."""

    label: str
    clauses: tuple[Clause, ...] = ()

    def __str__(self) -> str:
        return self.label + (": " + ", ".join(map(str, self.clauses)) if self.clauses else "")


Plan = tuple[WantedElement, ...]


def spelled(plan: Plan) -> str:
    """The text of a plan.

    >>> spelled(parse("title: top, large; image: below 1; text"))
    'title: top, large; image: below 1; text'
    """
    return "; ".join(map(str, plan))


def parse(line: str) -> Plan:
    """A plan from its text.

    Raises:
        DomainError: it is not of the grammar, or speaks of an element that does not come before.
    """
    found: list[WantedElement] = []
    for part in line.split("; "):
        label, colon, rest = part.partition(": ")
        if not _LABEL.fullmatch(label):
            raise DomainError(f"{label!r} is no label of an element; expected words, as 'title'")
        clauses = tuple(_clause(each, len(found)) for each in rest.split(", ")) if colon else ()
        found.append(WantedElement(label, clauses))
    if len(found) > MOST_ELEMENTS:
        raise DomainError(f"a plan of {len(found)} elements; at most {MOST_ELEMENTS} can be")
    return tuple(found)


def _clause(text: str, before: int) -> Clause:
    if text in (*ROWS, *COLUMNS, *SIZES):
        return Clause(text)
    relation = _RELATION.fullmatch(text)
    if relation is None:
        raise DomainError(
            f"{text!r} is nothing that a plan says; expected one of "
            f"{', '.join((*ROWS, *COLUMNS, *SIZES))}, or a relation as 'below 1'"
        )
    if int(relation[2]) > before:
        raise DomainError(f"{text!r} speaks of an element that does not come before")
    return Clause(relation[1], int(relation[2]))


def begins(data: bytes) -> bool:
    """Whether the first line of a file is a plan."""
    line = data[: 1 << 12].partition(b"\n")[0]
    try:
        return bool(line) and bool(parse(line.decode()))
    except (DomainError, UnicodeDecodeError):
        return False


def held(plan: Plan, boxes: NDArray[np.float64]) -> list[bool]:
    """Which clauses of a plan boxes meet, in order.

    Args:
        plan: what is wanted.
        boxes: x, y, width, height of each of its elements, in shares of the page; shape (n, 4).

    Raises:
        DomainError: there are not as many boxes as elements.
    """
    if len(boxes) != len(plan):
        raise DomainError(f"{len(boxes)} boxes for a plan of {len(plan)} elements; give one each")
    return [
        _holds(clause, boxes[at], boxes[clause.of - 1])
        for at, wanted in enumerate(plan)
        for clause in wanted.clauses
    ]


def _holds(clause: Clause, box: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    x, y, width, height = box.tolist()
    if clause.word in ROWS:
        return _third(y + height / 2) == ROWS.index(clause.word)
    if clause.word in COLUMNS:
        return _third(x + width / 2) == COLUMNS.index(clause.word)
    if clause.word in SIZES:
        return size_of(width * height) == clause.word
    ox, oy, owidth, oheight = other.tolist()
    met: dict[str, bool] = {
        "above": y + height <= oy + SLACK,
        "below": y >= oy + oheight - SLACK,
        "left of": x + width <= ox + SLACK,
        "right of": x >= ox + owidth - SLACK,
    }
    return met[clause.word]


def _third(share: float) -> int:
    return min(max(int(share * 3), 0), 2)


def size_of(area: float) -> str:
    """The word for a share of the area of a page."""
    return SIZES[0 if area < SMALL else 1 if area < LARGE else 2]
