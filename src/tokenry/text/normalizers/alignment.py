"""A change of text written as pieces, old and new, and the byte alignment that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from tokenry.spans import Alignment

Edit = tuple[str, str]


def align_pieces(pieces: Iterable[Edit]) -> tuple[str, Alignment]:
    """The new text, and which bytes of the old each of its bytes stands for.

    A piece that did not change is aligned byte by byte; each byte of one that did stands for all
    of the old piece; a new piece for nothing (an empty range where it was inserted).
    """
    runs: list[tuple[int, int, int]] = []  # bytes of the new piece, begin and end of the old one
    identical: list[bool] = []
    texts: list[str] = []
    place = 0
    for old, new in pieces:
        size = len(old) if old.isascii() else len(old.encode())
        runs.append((len(new) if new.isascii() else len(new.encode()), place, place + size))
        identical.append(old == new)
        texts.append(new)
        place += size
    return "".join(texts), _expand(runs, identical)


def _expand(runs: list[tuple[int, int, int]], identical: list[bool]) -> Alignment:
    table = np.array(runs, dtype=np.int64).reshape(-1, 3)
    counts = table[:, 0]
    starts = np.repeat(table[:, 1], counts)
    ends = np.repeat(table[:, 2], counts)
    same = np.repeat(np.array(identical, dtype=np.bool_), counts)
    first = np.repeat(np.cumsum(counts) - counts, counts)
    within = np.arange(len(starts), dtype=np.int64) - first
    starts = np.where(same, starts + within, starts)
    return Alignment(starts, np.where(same, starts + 1, ends))


def by_character(text: str, change: Callable[[str], str]) -> Iterator[Edit]:
    """Pieces of a change that sees each character alone."""
    changed = {each: new for each in set(text) if (new := change(each)) != each}
    if not changed:
        yield text, text
        return
    begin = 0
    for at, character in enumerate(text):
        if character in changed:
            if begin < at:
                yield text[begin:at], text[begin:at]
            yield character, changed[character]
            begin = at + 1
    if begin < len(text):
        yield text[begin:], text[begin:]
