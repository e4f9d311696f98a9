"""Which fields are SELFIES, and their symbols.

SELFIES (Krenn et al. 2020, "Self-referencing embedded strings", arXiv:1905.13741) are symbols in
brackets, and dots between molecules; every row of symbols of its alphabet is a molecule, so nothing
else is looked at.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.domains.molecules import symbols
from tokenry.domains.molecules.notation import Spans, Symbols, boxes_of, gathered, within_boxes


def selfies_symbols(content: NDArray[np.uint8], fields: Spans) -> Symbols:
    """The symbols of SELFIES fields.

    Args:
        content: the file, shape (bytes,).
        fields: spans, ascending, none empty; shape (n, 2).
    """
    place, field = gathered(fields)
    byte = content[place]
    boxes, stray = boxes_of(byte, field)
    starts = np.flatnonzero(~within_boxes(boxes, len(byte)))
    first = byte[starts]
    marks = np.full(len(starts), np.int16(symbols.SELFIES_DOT))
    own = symbols.SELFIES_MARKS.marks(byte, boxes[:, 0] + 1, boxes[:, 1] - boxes[:, 0] - 1)
    opened = _native.ranks_of(np.ascontiguousarray(boxes[:, 0]), starts)
    marks[opened] = np.where(own < 0, symbols.SELFIES_SYMBOL, own)
    good = np.ones(len(fields), bool)
    good[stray] = False
    good[field[starts[(first != ord("[")) & (first != ord("."))]]] = False
    good[field[boxes[boxes[:, 1] - boxes[:, 0] == 1, 0]]] = False
    inside = place[boxes[own < 0]] + np.array([1, 0])
    return Symbols(place[starts], marks, inside, good, field[starts])
