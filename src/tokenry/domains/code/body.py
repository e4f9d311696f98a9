"""The marks of a program and back: for each leaf its line, then its word or its placeholder.

A leaf is ``[line [in | out number]] (word | kind number | broken)``; a number has up to two high
digits and one low one. Bytes follow a leaf that is spelt out: what could not be parsed, and names
where they are first used, if asked. All of it is arrays, a row a leaf.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.domains.code import words
from tokenry.domains.code.spacing import NO_LINE
from tokenry.domains.parsed import Parsed
from tokenry.errors import DomainError

NOTHING = -1
Marks = NDArray[np.int64]


@dataclass(frozen=True)
class Body:
    """Leaves of a program as a tokenizer sees them.

    Attributes:
        leading: the mark of each leaf's word or kind, or `words.BROKEN`; shape (n,).
        numbers: of the placeholder, `NOTHING` for others; shape (n,).
        levels: by how many levels the line that a leaf begins is further in or out, or
            `NO_LINE` where it begins none; shape (n,).
        spelt: bytes that follow a leaf, by leaf.
    """

    leading: Marks
    numbers: Marks
    levels: Marks
    spelt: Mapping[int, bytes]

    def pairs(self) -> Marks:
        """A number for the marks on both sides of each gap, those around the file too; (n + 1,)."""
        around = np.concatenate([[words.BROKEN], self.leading, [words.BROKEN]])
        lines = np.append(np.where(self.levels == NO_LINE, 0, np.sign(self.levels) + 2), 0)
        found: Marks = (around[:-1] * len(words.MARKS) + around[1:]) * 4 + lines
        return found


def to_parsed(body: Body, language: int, residue: bytes) -> Parsed:
    """The marks and bytes of a program.

    Raises:
        DomainError: it has more names of a kind than there are numbers.
    """
    before, behind = _marks_before(body.levels), _digits(body.numbers)
    ends = 1 + np.cumsum(before + 1 + behind)
    at = ends - behind - 1
    marks = np.empty(int(ends[-1]) if len(ends) else 1, np.uint16)
    marks[0] = language
    marks[at] = body.leading
    _put_lines(marks, at - before, body.levels)
    _put_numbers(marks, at, behind, body.numbers)
    return Parsed(
        run=b"".join(body.spelt.values()),
        marks=marks,
        places=_places(body.spelt, ends, len(marks)),
        residue=residue,
    )


def _marks_before(levels: Marks) -> Marks:
    """How many marks say how the line of each leaf stands: line; line, in; or line, out, digit."""
    found: Marks = np.where(levels == NO_LINE, 0, np.where(levels > 0, 2, 1 + 2 * (levels < 0)))
    return found


def _digits(numbers: Marks) -> Marks:
    """How many marks say each number."""
    if np.any(numbers >= words.DIGITS**3):
        raise DomainError(
            f"the file has {int(numbers.max()) + 1} names of a kind; {words.DIGITS**3} can be"
        )
    found: Marks = (numbers != NOTHING).astype(np.int64)
    found += numbers >= words.DIGITS
    found += numbers >= words.DIGITS**2
    return found


def _put_lines(marks: NDArray[np.uint16], begins: Marks, levels: Marks) -> None:
    marks[begins[levels != NO_LINE]] = words.LINE
    marks[begins[(levels > 0) & (levels != NO_LINE)] + 1] = words.IN
    out = np.flatnonzero(levels < 0)
    marks[begins[out] + 1] = words.OUT
    marks[begins[out] + 2] = words.FIRST_DIGIT + np.minimum(-levels[out], words.DIGITS - 1)


def _put_numbers(marks: NDArray[np.uint16], at: Marks, digits: Marks, numbers: Marks) -> None:
    placed = np.flatnonzero(digits)
    first, rest = words.FIRST_DIGIT, numbers[placed]
    at = at[placed] + digits[placed]
    while len(at):
        rest, low = np.divmod(rest, words.DIGITS)
        marks[at] = first + low
        more = np.flatnonzero(rest)
        first, rest, at = words.FIRST_HIGH, rest[more], at[more] - 1


def _places(spelt: Mapping[int, bytes], ends: Marks, count: int) -> NDArray[np.uint64]:
    """Where each mark stands in the bytes that follow the marks of some leaves."""
    sizes = np.zeros(count + 1, np.uint64)
    sizes[ends[list(spelt)]] = [len(text) for text in spelt.values()]
    return np.cumsum(sizes)[:-1] if spelt else sizes[:-1]


def of_parsed(parsed: Parsed) -> Body:
    """The leaves of a program; the inverse of `to_parsed`.

    Raises:
        DomainError: the marks are no program.
    """
    marks = parsed.marks.astype(np.int64)
    if not len(marks) or not words.FIRST_LANGUAGE <= marks[0] < words.FIRST_KIND:
        raise DomainError("a program begins with the mark of its language; these ids do not")
    rest = np.append(marks[1:], [NOTHING] * 3)
    leads = (
        (rest == words.BROKEN)
        | (rest >= words.FIRST_WORD)
        | _within(rest, words.FIRST_KIND, words.FIRST_DIGIT)
    )
    at = np.flatnonzero(leads)
    numbers, used = _numbers(rest, at)
    levels, before = _levels(rest, at, np.concatenate([[0], (at + 1 + used)[:-1]]))
    if int((1 + used + before).sum()) != len(marks) - 1:
        raise DomainError(
            "the marks are no program: a number without a kind, a kind without a number, or a new "
            "line without a word"
        )
    return Body(rest[at], numbers, levels, _spelt(parsed, at + 1 + used))


def _within(marks: Marks, first: int, end: int) -> NDArray[np.bool_]:
    return (marks >= first) & (marks < end)


def _numbers(rest: Marks, at: Marks) -> tuple[Marks, Marks]:
    """The number of each leaf, `NOTHING` for those that have none, and how many marks it takes."""
    numbers = np.full(len(at), NOTHING, np.int64)
    used = np.zeros(len(at), np.int64)
    which = np.flatnonzero(_within(rest[at], words.FIRST_KIND, words.FIRST_DIGIT))
    high = np.zeros(len(which), np.int64)
    for width in (1, 2, 3):
        mark = rest[at[which] + width]
        low = _within(mark, words.FIRST_DIGIT, words.FIRST_HIGH)
        ends = which[low]
        numbers[ends] = high[low] * words.DIGITS + mark[low] - words.FIRST_DIGIT
        used[ends] = width
        more = _within(mark, words.FIRST_HIGH, words.FIRST_WORD)
        if not np.all(low | more):
            break
        which, high = which[more], high[more] * words.DIGITS + mark[more] - words.FIRST_HIGH
    if len(which) and not np.all(used[which]):
        raise DomainError("a placeholder has no number; a kind is followed by its digits")
    return numbers, used


def _levels(rest: Marks, at: Marks, begins: Marks) -> tuple[Marks, Marks]:
    """Levels of each leaf, and how many marks say them."""
    before = at - begins
    if not before.any():
        return np.full(len(at), NO_LINE, np.int64), before
    first, second, third = (rest[np.minimum(begins + width, len(rest) - 1)] for width in range(3))
    plain = (before == 1) & (first == words.LINE)
    deeper = (before == 2) & (first == words.LINE) & (second == words.IN)
    out = (before == 3) & (first == words.LINE) & (second == words.OUT)
    out &= _within(third, words.FIRST_DIGIT, words.FIRST_HIGH)
    levels = np.where(plain, 0, np.where(deeper, 1, NO_LINE))
    levels[out] = words.FIRST_DIGIT - third[out]
    if np.any((before > 0) & ~(plain | deeper | out)):
        raise DomainError("marks between two words are no new line; see the marks of code")
    return levels, before


def _spelt(parsed: Parsed, last: Marks) -> dict[int, bytes]:
    """The bytes behind the last mark of each leaf that has some."""
    ends = np.append(parsed.places, len(parsed.run)).astype(np.int64)
    widths = np.diff(ends)
    if widths.sum() != len(parsed.run) or widths[last].sum() != len(parsed.run):
        raise DomainError("bytes stand behind a mark that none can follow")
    which = np.flatnonzero(widths[last])
    begins, sizes = ends[last[which]].tolist(), widths[last[which]].tolist()
    texts = (parsed.run[at : at + size] for at, size in zip(begins, sizes, strict=True))
    return dict(zip(which.tolist(), texts, strict=True))
