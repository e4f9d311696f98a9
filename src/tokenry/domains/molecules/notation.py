"""Symbols in a row, in brackets, for all fields of a file at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Spans = NDArray[np.int64]
Places = NDArray[np.int64]
FieldNumbers = NDArray[np.int32]


@dataclass(frozen=True)
class Symbols:
    """The symbols of all fields of a notation in a file, in order.

    Attributes:
        at: where each begins in the file; shape (n,).
        marks: of each; that of the notation for what has none of its own; shape (n,).
        inside: spans of what stands in the brackets of those, in order; shape (k, 2).
        good: whether each field is well-formed; shape (fields,).
        field: of each symbol; shape (n,).
    """

    at: Places
    marks: NDArray[np.int16]
    inside: Spans
    good: NDArray[np.bool_]
    field: FieldNumbers


def gathered(fields: Spans) -> tuple[Places, FieldNumbers]:
    """The places of all bytes of fields, and the field of each."""
    sizes = fields[:, 1] - fields[:, 0]
    field = np.repeat(np.arange(len(fields), dtype=np.int32), sizes)
    first = fields[:, 0] - np.cumsum(sizes) + sizes
    return np.arange(sizes.sum()) + np.repeat(first, sizes), field


def boxes_of(byte: NDArray[np.uint8], field: FieldNumbers) -> tuple[Places, FieldNumbers]:
    """Where brackets open and close, shape (n, 2), and fields whose brackets are no pairs.

    Brackets of such fields are left out.
    """
    at = np.flatnonzero((byte == ord("[")) | (byte == ord("]")))
    opens, of = byte[at] == ord("["), field[at]
    edge = np.ones(len(at) + 1, bool)
    edge[1:-1] = of[1:] != of[:-1]
    wrong = np.where(edge[:-1], ~opens, opens == np.append(True, opens[:-1])[: len(opens)])
    stray = np.unique(of[wrong | (edge[1:] & opens)])
    if len(stray):
        at = at[~np.isin(of, stray)]
    return at.reshape(-1, 2), stray


def within_boxes(boxes: Places, size: int) -> NDArray[np.bool_]:
    """Whether each place is behind the bracket that opens, up to the one that closes."""
    steps = np.zeros(size + 1, np.int8)
    steps[boxes[:, 0] + 1] += 1
    steps[boxes[:, 1] + 1] -= 1
    return np.cumsum(steps[:-1], dtype=np.int8) > 0
