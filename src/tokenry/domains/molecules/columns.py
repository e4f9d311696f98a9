"""Lines and fields of a file, and what each column holds: SMILES, SELFIES, proteins, numbers, text.

A column is what half of its fields are; a field that is not what its column is stands there
as it is, and says so. Names of columns are text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.domains.molecules import symbols
from tokenry.domains.molecules.smiles import well_formed

Spans = NDArray[np.int64]
SAMPLE: Final = 500  # lines from which columns are told
ENOUGH: Final = 0.5  # of the fields of a column
LONG: Final = 20  # letters of a protein; shorter words of these letters are many
_KINDS_OF_WORDS: Final = (
    (symbols.NUMBER, re.compile(rb"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")),
    (symbols.SELFIES, re.compile(rb"\[[^\[\]\s]+\](?:\.?\[[^\[\]\s]+\])*")),
    (symbols.PROTEIN, re.compile(rb"[ACDEFGHIKLMNPQRSTVWYBJOUXZ*-]{%d,}" % LONG)),
)


@dataclass(frozen=True)
class FieldTable:
    """Fields of a file.

    Attributes:
        spans: ascending; between two of a line is one separator; shape (n, 2).
        column: of each, from 0 on; shape (n,).
        rows: where lines end; shape (lines,).
        separator: what stands between two fields of a line.
        returns: whether a carriage return stands before the end of each line.
    """

    spans: Spans
    column: NDArray[np.int64]
    rows: NDArray[np.int64]
    separator: bytes
    returns: bool


def separator_of(data: bytes) -> bytes:
    """What separates the fields of a line: tabs, else commas, else the first space."""
    head = data[: 1 << 16]
    return next((each for each in (b"\t", b",") if each in head), b" ")


def split(data: bytes, content: NDArray[np.uint8], separator: bytes) -> FieldTable:
    """The fields of all lines; a line with a quotation mark is one."""
    rows = np.flatnonzero(content == ord("\n"))
    marks = np.flatnonzero(content == separator[0])
    line = _native.ranks_of(marks, rows)
    if separator == b" ":
        first = np.ones(len(marks), bool)
        first[1:] = line[1:] != line[:-1]
        marks, line = marks[first], line[first]
    if b'"' in data:
        quoted = np.searchsorted(rows, np.flatnonzero(content == ord('"')))
        kept = ~np.isin(line, quoted)
        marks, line = marks[kept], line[kept]
    tail = [len(content)] if len(content) and content[-1] != ord("\n") else []
    ends = np.concatenate([marks, rows, tail]).astype(np.int64)
    order = np.argsort(ends, kind="stable")
    ends = ends[order]
    begins = np.concatenate([[0], ends[:-1] + 1])[: len(ends)].astype(np.int64)
    breaks = np.append(True, order[:-1] >= len(marks))[: len(order)]
    number = np.arange(len(ends))
    returns = bool(len(rows)) and bool(np.all((rows > 0) & (content[rows - 1] == ord("\r"))))
    if returns:
        # A line of nothing but its end would begin behind it.
        of_rows = (order >= len(marks)) & (order < len(marks) + len(rows))
        ends = ends - of_rows
    column = number - np.maximum.accumulate(np.where(breaks, number, 0))
    return FieldTable(np.stack([begins, ends], 1), column, rows, separator, returns)


def kinds_of_columns(data: bytes, content: NDArray[np.uint8], fields: FieldTable) -> list[int]:
    """What each column holds, told from the first lines but the very first."""
    last = fields.rows[SAMPLE] if len(fields.rows) > SAMPLE else len(data)
    first = fields.rows[0] if len(fields.rows) > 1 else -1
    seen = (fields.spans[:, 0] > first) & (fields.spans[:, 1] <= last)
    seen &= fields.spans[:, 1] > fields.spans[:, 0]
    columns = int(fields.column.max(initial=-1)) + 1
    return [
        _kind(data, content, fields.spans[seen & (fields.column == number)])
        for number in range(min(columns, 256))
    ]


def _kind(data: bytes, content: NDArray[np.uint8], spans: Spans) -> int:
    if not len(spans):
        return symbols.TEXT
    words = [data[begin:end] for begin, end in spans.tolist()]
    for kind, pattern in _KINDS_OF_WORDS:
        if sum(pattern.fullmatch(word) is not None for word in words) >= ENOUGH * len(words):
            return kind
    good = well_formed(data, spans).sum()
    return symbols.SMILES if good >= ENOUGH * len(words) else symbols.TEXT
