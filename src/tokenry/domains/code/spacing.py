"""The spaces and comments between the words of a program: foretold, and said where that fails.

What stands between two words is foretold to be what last stood between two of the same symbols, a
new line indented by as much more or less as then. Only what is otherwise is written down: how many
gaps were as foretold, then the gap. Reader and writer keep the same memory.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tokenry.domains.code import words
from tokenry.domains.code.spans import Spans

NO_LINE = 1 << 20
"""The level of a word that begins no line."""
_NEW_LINE = words.FIRST_WORD + words.SPELT.index(words.NEW_LINE)
_ENDING = frozenset(words.FIRST_WORD + words.SPELT.index(sign) for sign in (b";", b"{", b"}"))


def surprises(gaps: Spans, pairs: NDArray[np.int64]) -> tuple[NDArray[np.int64], list[bytes]]:
    """The gaps that are not as foretold.

    Args:
        gaps: what stands before, between and behind the words.
        pairs: a number for the symbols on both sides of each gap; shape (n,).

    Returns:
        How many gaps before each were as foretold since the last one, and what they are.
    """
    order, first = _by_pair(pairs)
    keys = _keys(gaps)[order]
    same = np.zeros(len(pairs), bool)
    same[order] = keys == np.where(first, 0, np.concatenate([[0], keys[:-1]])[: len(keys)])
    wrong = np.flatnonzero(~same)
    skipped = np.diff(wrong, prepend=-1) - 1
    return skipped, gaps[wrong]


def _by_pair(pairs: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The gaps in the order of their pairs, those of a pair as they stand, and who is first."""
    bits = len(pairs).bit_length()
    # Numbers with the place below sort in a tenth of the time of a stable argsort.
    order = np.sort(pairs << bits | np.arange(len(pairs))) & ((1 << bits) - 1)
    of = pairs[order]
    first = np.ones(len(pairs), bool)
    first[1:] = of[1:] != of[:-1]
    return order, first


def _keys(gaps: Spans) -> NDArray[np.int64]:
    """A number for each gap, equal for gaps that are alike; 0 for the empty one."""
    texts = gaps.texts
    numbers = np.array([0 if text == b"" else at for at, text in enumerate(texts, 1)], np.int64)
    lines = [_new_line(text) for text in texts]
    heads: dict[bytes, int] = {}
    head_of = np.array(
        [heads.setdefault(line[0], len(heads)) if line else -1 for line in lines], np.int64
    )
    indent_of = np.array([line[1] if line else 0 for line in lines], np.int64)
    keys = numbers[gaps.numbers]
    at = np.flatnonzero(head_of[gaps.numbers] >= 0)
    of = gaps.numbers[at]
    # Above all numbers of gaps, and apart for each head and step, for no line is 2**31 bytes long.
    keys[at] = ((head_of[of] + 1) << 32) + np.diff(indent_of[of], prepend=0)
    return keys


def _new_line(gap: bytes) -> tuple[bytes, int] | None:
    """What ends in a line that is indented by spaces, without them, and their number."""
    if b"\n" not in gap:
        return None
    head, end, tail = gap.rpartition(b"\n")
    return None if tail.strip(b" ") else (head + end, len(tail))


def gaps_of(
    skips: NDArray[np.int64], said: Sequence[bytes], pairs: NDArray[np.int64]
) -> list[bytes]:
    """The inverse of `surprises`, of which it takes skips and gaps apart.

    Raises:
        ValueError: there are more surprises than gaps.
    """
    at = np.cumsum(skips + 1) - 1
    if np.any(skips < 0) or (len(at) and at[-1] >= len(pairs)):
        raise ValueError("more gaps are said than there are words to stand between")
    source = _sources(at, pairs)
    found = [b"", *said]
    gaps = [found[number] for number in (source + 1).tolist()]
    lines = {number: line for number, gap in enumerate(said) if (line := _new_line(gap))}
    is_line = np.zeros(len(found), bool)
    is_line[[number + 1 for number in lines]] = True
    places = np.flatnonzero(is_line[source + 1])
    steps: dict[int, int] = {}
    indent = 0
    for place, number in zip(places.tolist(), source[places].tolist(), strict=True):
        head, width = lines[number]
        if number in steps:
            indent = max(indent + steps[number], 0)
            gaps[place] = head + b" " * indent
        else:  # where it is said
            steps[number] = width - indent
            indent = width
    return gaps


def _sources(at: NDArray[np.int64], pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Which of the gaps that are said at some places each gap repeats; -1 for the empty one."""
    order, first = _by_pair(pairs)
    said = np.full(len(pairs), -1)
    said[at] = np.arange(len(at))
    # Places in this order: the last one said, if it is of the same pair.
    places = np.arange(len(pairs))
    last = np.maximum.accumulate(np.where((said[order] >= 0) | first, places, 0))
    source = np.empty_like(said)
    source[order] = said[order][last]
    return source


def usual_gaps(leading: NDArray[np.int64], levels: NDArray[np.int64]) -> list[bytes]:
    """Spaces as nobody said them: one between words, a new line where one is marked or usual."""
    found, level = [b""], 0
    for before, step in zip(leading.tolist(), levels.tolist()[1:], strict=False):
        if step == NO_LINE:
            found.append(b"" if before == _NEW_LINE else b"\n" if before in _ENDING else b" ")
        else:
            level = max(level + step, 0)
            found.append(b"\n" + b"    " * level)
    return [*found, b"\n"] if len(leading) else found
