"""A file of layouts taken apart: elements by the template of the first, pages by their sizes."""

from __future__ import annotations

import numpy as np

from tokenry.domains.layouts.numbers import decimals
from tokenry.domains.layouts.pages import Pages
from tokenry.domains.layouts.templates import VALUES, page_of, template_of
from tokenry.errors import DomainError

Size = tuple[bytes, bytes]


def pages_of(data: bytes, page: tuple[int, int] | None) -> Pages:
    """The pages of a file.

    Args:
        data: JSON, or JSON lines.
        page: width and height, where the file has none.

    Raises:
        DomainError: there are no labelled boxes, or nothing says how large a page is.
    """
    template = template_of(data)
    parts = template.pattern().split(data)
    values = [parts[1 + number :: VALUES + 1] for number in range(VALUES)]
    labels = values.pop(template.label)
    row = [b""] * (4 * len(labels))
    for number, texts in enumerate(values):
        row[number::4] = texts
    numbers = decimals(row)
    if b" -0" in b" ".join((b"", *row)) and numbers.written() != row:
        raise DomainError("a number is written as -0; write it as 0")
    gaps = parts[:: VALUES + 1]
    starts, sizes = _pages(gaps, page)
    return Pages(template, labels, numbers, np.array(starts, np.int64), sizes, gaps)


def _pages(gaps: list[bytes], page: tuple[int, int] | None) -> tuple[list[int], list[Size]]:
    """The first element of each page, and its size."""
    known = {gap: size for gap in set(gaps) if (size := _size(gap))}
    sized = [at for at, gap in enumerate(gaps) if gap in known]
    sizes = [known[gaps[at]] for at in sized]
    if sized and sized[0] == 0 and sized[-1] < len(gaps) - 1:
        return sized, sizes
    if sized and sized[0] > 0 and sized[-1] == len(gaps) - 1:  # sizes stand behind the elements
        return [0, *sized[:-1]], sizes
    if sized or page is None:
        raise DomainError(
            "nothing says how large a page is; expected width and height in front of its elements "
            'or behind them, as in {"width": 800, "height": 600, "elements": [...]}, or say page='
        )
    starts = [at for at, gap in enumerate(gaps[:-1]) if not at or b"\n" in gap]
    return starts, [(b"%d" % page[0], b"%d" % page[1])] * len(starts)


def _size(gap: bytes) -> Size | None:
    spans = page_of(gap)
    if spans is None:
        return None
    width, height = (gap[begin:end] for begin, end in spans)
    if float(width) <= 0 or float(height) <= 0:
        raise DomainError(
            f"a page is {width.decode()} wide and {height.decode()} high; expected more than 0"
        )
    return width, height
