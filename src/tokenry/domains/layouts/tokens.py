"""Pages as marks and bytes, and back."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.domains.layouts.frames import PageFrame, frames_of, usual_frames
from tokenry.domains.layouts.numbers import Decimals, binned, middle
from tokenry.domains.layouts.pages import Pages
from tokenry.domains.layouts.plans import WORDS
from tokenry.domains.layouts.templates import (
    NUMBER,
    USUAL,
    USUAL_BETWEEN,
    VALUES,
    ElementTemplate,
)
from tokenry.domains.parsed import Parsed
from tokenry.domains.residue import pack_arrays, unpack_arrays
from tokenry.errors import DomainError

STRUCTURE: Final = ("page", "element", "outside", "other", "plan", "line")
PAGE, ELEMENT, OUTSIDE, OTHER, PLAN, LINE = range(len(STRUCTURE))
FIRST_BIN: Final = len(STRUCTURE) + len(WORDS)
_SIZE: Final = re.compile(rb"(" + NUMBER + rb") (" + NUMBER + rb")")
_WIDTH: Final = 7  # page or other, outside, element, four bins


def of_pages(pages: Pages, bins: int, *, corners: bool, exact: bool) -> Parsed:
    """The marks, bytes and what stands aside of pages."""
    count = len(pages.labels)
    extents, boxes = pages.extents(), pages.boxes()
    found = binned(boxes, extents, bins)
    between = _between(pages)
    rows = np.full((count, _WIDTH), -1, np.int64)
    rows[pages.starts, 0] = PAGE
    heads: list[bytes] = [b""] * count
    for start, size in zip(pages.starts.tolist(), pages.sizes, strict=True):
        heads[start] = b" ".join(size)
    for at in _others(pages, between):
        rows[at, 0], heads[at] = OTHER, pages.gaps[at]
    rows[_outside(boxes, extents, corners), 1] = OUTSIDE
    rows[:, 2] = ELEMENT
    rows[:, 3:] = FIRST_BIN + found
    there = rows >= 0
    head_sizes = np.array([*map(len, heads)], np.int64)
    label_sizes = np.array([*map(len, pages.labels)], np.int64)
    begins = np.cumsum(head_sizes + label_sizes) - head_sizes - label_sizes
    places = np.repeat(begins[:, None], _WIDTH, 1)
    places[:, 1:3] += head_sizes[:, None]
    places[:, 3:] += (head_sizes + label_sizes)[:, None]
    run = [b""] * (2 * count)
    run[0::2], run[1::2] = heads, list(pages.labels)
    residue = _residue(pages, found, extents, bins, between) if exact else b""
    return Parsed(
        run=b"".join(run),
        marks=rows[there].astype(np.uint16),
        places=places[there].astype(np.uint64),
        residue=residue,
    )


def _outside(
    boxes: NDArray[np.float64], extents: NDArray[np.float64], corners: bool
) -> NDArray[np.bool_]:
    far = boxes[:, 2:] if corners else boxes[:, :2] + boxes[:, 2:]
    beyond = (boxes < 0) | (np.hstack([boxes[:, :2], far]) > extents)
    found: NDArray[np.bool_] = np.logical_or.reduce(beyond, axis=1)
    return found


def _between(pages: Pages) -> bytes:
    """What most often stands between two elements of a page."""
    found = Counter(pages.gaps[1:-1])
    # What has a brace begins a page, or is an element.
    likely = (gap for gap, _ in found.most_common() if b"{" not in gap)
    return next(likely, USUAL_BETWEEN)


def _others(pages: Pages, between: bytes) -> list[int]:
    starts = frozenset(pages.starts.tolist())
    if list(pages.gaps[:-1]).count(between) + len(starts) == len(pages.labels):
        return []  # the usual case, at the speed of C
    return [at for at, gap in enumerate(pages.gaps[:-1]) if gap != between and at not in starts]


def _residue(
    pages: Pages,
    found: NDArray[np.int64],
    extents: NDArray[np.float64],
    bins: int,
    between: bytes,
) -> bytes:
    """How far numbers are from the middle of their bins, and the text around elements."""
    places = pages.numbers.places
    beside = pages.numbers.digits - middle(found.ravel(), extents.ravel(), places, bins)
    arrays: dict[str, object] = {"count": [len(places)]} if beside.any() or places.any() else {}
    arrays |= {"beside": beside} if beside.any() else {}
    arrays |= {"places": places} if places.any() else {}
    frames = frames_of(pages)
    if (pages.template, between, frames) == (USUAL, USUAL_BETWEEN, usual_frames(len(frames))):
        return pack_arrays(arrays)
    table = list(dict.fromkeys(frames))
    texts = [*pages.template.texts, between, *(part for frame in table for part in frame.texts)]
    arrays |= {
        "label": [pages.template.label],
        "frames": [table.index(frame) for frame in frames],
        "kinds": [frame.kind for frame in table],
        "sizes": [len(text) for text in texts],
    }
    return pack_arrays(arrays, b"".join(texts))


def to_pages(parsed: Parsed, bins: int) -> Pages:
    """The pages of marks, bytes and what stands aside.

    Raises:
        DomainError: they are no pages.
    """
    marks = parsed.marks.astype(np.int64)
    ends = np.append(parsed.places, len(parsed.run)).astype(np.int64)
    at = np.flatnonzero(marks == ELEMENT)
    found = _bins(marks, at, bins)
    heads = np.flatnonzero((marks == PAGE) | (marks == OTHER))
    _check(marks, ends, at, heads)
    labels = _texts(parsed.run, ends, at)
    starts = np.searchsorted(at, heads[marks[heads] == PAGE])
    sizes = [_size(text) for text in _texts(parsed.run, ends, heads[marks[heads] == PAGE])]
    aside, texts = _unpacked(parsed.residue)
    template, between, frames = _around(aside, texts, len(sizes))
    gaps = [between] * len(labels) + [b""]
    _fill(gaps, frames, starts.tolist(), sizes)
    for where, text in zip(
        np.searchsorted(at, heads[marks[heads] == OTHER]).tolist(),
        _texts(parsed.run, ends, heads[marks[heads] == OTHER]),
        strict=True,
    ):
        gaps[where] = text
    pages = Pages(template, labels, Decimals(found, found), starts, sizes, gaps)
    return replace(pages, numbers=_exact(found, pages.extents(), aside, bins))


def _bins(marks: NDArray[np.int64], at: NDArray[np.int64], bins: int) -> NDArray[np.int64]:
    """The four bins behind each element, shape (n, 4)."""
    behind = at[:, None] + np.arange(1, 5)
    found: NDArray[np.int64] = np.append(marks, [-1] * 5)[behind] - FIRST_BIN
    if np.any((found < 0) | (found >= bins)):
        raise DomainError("an element has four bins behind its label; one here has fewer")
    return found


def _check(
    marks: NDArray[np.int64],
    ends: NDArray[np.int64],
    at: NDArray[np.int64],
    heads: NDArray[np.int64],
) -> None:
    outside = np.flatnonzero(marks == OUTSIDE)
    spoken = np.concatenate([at, heads])
    widths = np.diff(ends)
    if len(marks) != 5 * len(at) + len(outside) + len(heads):
        raise DomainError("bins stand behind no element, or a word of a plan within a page")
    if not np.all(np.isin(outside + 1, at)) or np.any(
        np.isin(heads[marks[heads] == OTHER] + 1, heads)
    ):
        raise DomainError("'outside' and 'other' stand in front of an element")
    if ends[0] or widths.sum() != widths[spoken].sum():
        raise DomainError("bytes stand behind a mark that has none")
    if len(at) and (not len(heads) or marks[0] != PAGE):
        raise DomainError("an element stands on no page; 'page' and its size come first")


def _texts(run: bytes, ends: NDArray[np.int64], at: NDArray[np.int64]) -> list[bytes]:
    return [run[a:b] for a, b in zip(ends[at].tolist(), ends[at + 1].tolist(), strict=True)]


def _size(text: bytes) -> tuple[bytes, bytes]:
    found = _SIZE.fullmatch(text)
    if found is None or not float(found[1]) > 0 or not float(found[2]) > 0:
        raise DomainError(
            f"the size of a page is {text[:40]!r}; expected two numbers, as '800 600'"
        )
    return found[1], found[2]


def _unpacked(residue: bytes) -> tuple[dict[str, NDArray[np.int64]], list[bytes]]:
    arrays, content = unpack_arrays(residue)
    sizes = arrays.get("sizes", np.zeros(0, np.int64))
    if np.any(sizes < 0) or sizes.sum() != len(content):
        raise DomainError("what stands aside of layouts is damaged: its sizes do not add up")
    ends = np.cumsum(sizes).tolist()
    return arrays, [content[a:b] for a, b in zip([0, *ends], ends, strict=False)]


def _around(
    aside: dict[str, NDArray[np.int64]], texts: list[bytes], pages: int
) -> tuple[ElementTemplate, bytes, list[PageFrame]]:
    """The texts around elements: those that stand aside, or the usual ones."""
    if not texts:
        return USUAL, USUAL_BETWEEN, usual_frames(pages + 1)
    try:
        template = ElementTemplate(tuple(texts[: VALUES + 1]), int(aside["label"][0]))
        rest = texts[VALUES + 2 :]
        table = [
            PageFrame(int(kind), tuple(rest[3 * at : 3 * at + 3]))
            for at, kind in enumerate(aside["kinds"].tolist())
        ]
        frames = [table[at] for at in aside["frames"].tolist()]
        between = texts[VALUES + 1]
        if (
            len(frames) != pages + 1
            or not 0 <= template.label < VALUES
            or len(rest) != 3 * len(table)
        ):
            raise ValueError("their numbers do not fit")
    except (KeyError, IndexError, ValueError) as error:
        raise DomainError(f"what stands aside of layouts is damaged: {error}") from error
    return template, between, frames


def _fill(
    gaps: list[bytes], frames: list[PageFrame], starts: list[int], sizes: list[tuple[bytes, bytes]]
) -> None:
    """Put the frames of pages into their gaps, with the sizes that they hold."""
    waiting = iter(sizes)
    filled: dict[int, bytes] = {}
    for at, frame in zip([*starts, len(gaps) - 1], frames, strict=True):
        size = next(waiting, (b"", b"")) if frame.kind else (b"", b"")
        # A page without elements has its text in the gap of the next one.
        filled[at] = filled.get(at, b"") + frame.filled(*size)
    for at, text in filled.items():
        gaps[at] = text


def _exact(
    found: NDArray[np.int64],
    extents: NDArray[np.float64],
    aside: dict[str, NDArray[np.int64]],
    bins: int,
) -> Decimals:
    count = found.size
    none = np.zeros(count, np.int64)
    places, beside = aside.get("places", none), aside.get("beside", none)
    if len(places) != count or len(beside) != count or np.any((places < 0) | (places > 8)):
        raise DomainError("what stands aside of layouts is damaged: other numbers than boxes have")
    return Decimals(middle(found.ravel(), extents.ravel(), places, bins) + beside, places)
