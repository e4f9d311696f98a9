"""Tables as text: which bytes of CSV, JSON and Markdown are signs, and which are padding."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.domains.runs import runs_of
from tokenry.domains.tables.structure import BACKSLASH, Codes, Mask, inside_strings
from tokenry.errors import DomainError

MARKS: Final = ("cell", "row", "object", "object_end", "list", "list_end", "colon", "comma")
CELL, ROW = 1, 2  # 1 + their numbers, as `tokenry.domains.tables.structure` takes them
FEED, RETURN, SPACE = ord("\n"), ord("\r"), ord(" ")
SEPARATORS: Final = b",;\t|"
_JSON: Final = b"{}[]:,"
_JSON_SPACE: Final = b" \t\r\n"


def separator_of(data: bytes) -> int:
    """The separator that the first line has most often of ``, ; TAB |``; a comma where none is."""
    head = data[: 1 << 16].partition(b"\n")[0]
    return max(SEPARATORS, key=lambda each: (head.count(bytes([each])), each == ord(",")))


def delimited(codes: Codes, separator: int) -> tuple[Codes, Mask]:
    """CSV and its like (RFC 4180): separators end cells, line feeds end rows.

    Raises:
        DomainError: a quote is not closed, or rows differ in their number of cells.
    """
    numbers = np.zeros(len(codes), np.uint8)
    outside = ~inside_strings(codes, escapes=False)
    is_feed = (codes == FEED) & outside
    numbers[(codes == separator) & outside] = CELL
    numbers[is_feed] = ROW
    _check_rows(codes, numbers)
    returns = np.zeros(len(codes), bool)
    returns[:-1] = is_feed[1:] & (codes[:-1] == RETURN)
    return numbers, returns


def _check_rows(codes: Codes, numbers: Codes) -> None:
    """Refuse ragged rows; empty lines are none."""
    ends = np.flatnonzero(numbers == ROW)
    if len(codes) and (not len(ends) or ends[-1] != len(codes) - 1):
        ends = np.append(ends, len(codes))
    begins = np.concatenate([[0], ends[:-1] + 1])
    cells = np.cumsum(numbers == CELL)
    cells = np.append(np.append(0, cells), cells[-1:])
    widths = cells[ends] - cells[begins]
    empty = ends - begins <= 1
    expected = widths[~empty][:1]
    wrong = np.flatnonzero((widths != expected[0]) & ~empty) if len(expected) else ends[:0]
    if len(wrong):
        raise DomainError(
            f"row {int(wrong[0]) + 1} has {int(widths[wrong[0]]) + 1} cells and the first "
            f"{int(expected[0]) + 1}; {len(wrong)} rows are ragged: mend them, or quote separators"
        )


def json(codes: Codes) -> tuple[Codes, Mask]:
    """JSON and JSON lines: brackets, colons and commas are signs; space between is padding.

    Raises:
        DomainError: a string is not closed, or brackets do not match in number.
    """
    numbers = np.zeros(len(codes), np.uint8)
    outside = ~inside_strings(codes, escapes=True)
    for number, sign in enumerate(_JSON, start=3):
        numbers[(codes == sign) & outside] = number
    depth = np.cumsum(_bracket(codes, b"{[", outside) - _bracket(codes, b"}]", outside))
    if len(depth) and (depth.min() < 0 or depth[-1] != 0):
        raise DomainError(
            f"brackets do not match: {int(depth[-1])} are open at the end; is the file cut off?"
        )
    numbers[(codes == FEED) & outside & (depth == 0)] = ROW
    space = np.isin(codes, np.frombuffer(_JSON_SPACE, np.uint8)) & outside & (numbers == 0)
    return numbers, space & _beside_signs(space, numbers)


def _bracket(codes: Codes, signs: bytes, outside: Mask) -> NDArray[np.int32]:
    found: Mask = ((codes == signs[0]) | (codes == signs[1])) & outside
    return found.astype(np.int32)


def markdown(codes: Codes) -> tuple[Codes, Mask]:
    """Markdown: in lines that begin with ``|`` bars are signs; spaces beside them are padding."""
    numbers = np.zeros(len(codes), np.uint8)
    feeds = np.flatnonzero(codes == FEED)
    begins = np.concatenate([[0], feeds + 1]).astype(np.int64)
    begins = begins[begins < len(codes)]
    sizes = np.diff(np.append(begins, len(codes)))
    in_table = np.repeat(codes[begins] == ord("|"), sizes)
    bars = (codes == ord("|")) & in_table
    bars[1:] &= codes[:-1] != BACKSLASH
    numbers[bars] = CELL
    numbers[feeds] = ROW
    space = (codes == SPACE) & in_table & (numbers == 0)
    return numbers, space & _beside_signs(space, numbers)


def _beside_signs(space: Mask, numbers: Codes) -> Mask:
    """Runs of space that touch a sign or an end of the text."""
    runs = runs_of(space)
    is_sign = np.concatenate([[True], numbers > 0, [True]])
    touch = is_sign[runs[:, 0]] | is_sign[runs[:, 1] + 1] if len(runs) else np.zeros(0, bool)
    marked = np.zeros(len(space) + 1, np.int32)
    marked[runs[touch, 0]] += 1
    marked[runs[touch, 1]] -= 1
    return np.cumsum(marked)[:-1].astype(bool)
