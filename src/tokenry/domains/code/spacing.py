"""The spaces and comments between the words of a program: foretold, and said where that fails.

What stands between two words is foretold to be what last stood between two of the same symbols, a
new line indented by as much more or less as then. Only what is otherwise is written down: how many
gaps were as foretold, then the gap. Reader and writer keep the same memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from tokenry.domains.code import words

NO_LINE = 1 << 20
"""The level of a word that begins no line."""
_NEW_LINE = words.FIRST_WORD + words.SPELT.index(words.NEW_LINE)
_ENDING = frozenset(words.FIRST_WORD + words.SPELT.index(sign) for sign in (b";", b"{", b"}"))
Surprise = tuple[int, bytes]
Key = bytes | tuple[bytes, int]


def surprises(gaps: Sequence[bytes], pairs: NDArray[np.int64]) -> list[Surprise]:
    """The gaps that are not as foretold.

    Args:
        gaps: what stands before, between and behind the words.
        pairs: a number for the symbols on both sides of each gap; shape (n,).

    Returns:
        For each, how many gaps before it were as foretold since the last one, and what it is.
    """
    keys = _keys(gaps)
    order = np.argsort(pairs, kind="stable")
    same = np.zeros(len(gaps), bool)
    if len(gaps):
        first = np.ones(len(gaps), bool)
        first[1:] = pairs[order][1:] != pairs[order][:-1]
        before = np.concatenate([[0], keys[order][:-1]])
        same[order] = keys[order] == np.where(first, 0, before)
    wrong = np.flatnonzero(~same)
    skipped = np.diff(wrong, prepend=-1) - 1
    return [(skip, gaps[at]) for skip, at in zip(skipped.tolist(), wrong.tolist(), strict=True)]


def _keys(gaps: Sequence[bytes]) -> NDArray[np.int64]:
    """A number for each gap, equal for gaps that are alike; 0 for the empty one."""
    numbers: dict[bytes, int] = {b"": 0}
    keys = np.array([numbers.setdefault(gap, len(numbers)) for gap in gaps], np.int64)
    lines = [_new_line(gap) for gap in numbers]
    heads = {line[0]: number for number, line in enumerate(lines) if line}
    head_of = np.array([heads[line[0]] if line else -1 for line in lines], np.int64)
    indent_of = np.array([line[1] if line else 0 for line in lines], np.int64)
    at = np.flatnonzero(head_of[keys] >= 0)
    further = np.diff(indent_of[keys[at]], prepend=0)
    # Above all numbers of gaps, and apart for each head and step, for no line is 2**31 bytes long.
    keys[at] = ((head_of[keys[at]] + 1) << 32) + further
    return keys


def _new_line(gap: bytes) -> tuple[bytes, int] | None:
    """What ends in a line that is indented by spaces, without them, and their number."""
    head, end, tail = gap.rpartition(b"\n")
    return (head + end, len(tail)) if end and not tail.strip(b" ") else None


def gaps_of(surprising: Iterable[Surprise], pairs: Sequence[int]) -> list[bytes]:
    """The inverse of `surprises`.

    Raises:
        ValueError: there are more surprises than gaps.
    """
    memory: dict[int, Key] = {}
    found: list[bytes] = []
    indent = 0
    waiting = iter(surprising)
    skip, said = next(waiting, (-1, b""))
    for pair in pairs:
        if skip == 0:
            gap = said
            line = _new_line(gap)
            key: Key = gap if line is None else (line[0], line[1] - indent)
            skip, said = next(waiting, (-1, b""))
        else:
            key = memory.get(pair, b"")
            gap = key if isinstance(key, bytes) else key[0] + b" " * (indent + key[1])
            line = None if isinstance(key, bytes) else (key[0], indent + key[1])
            skip -= skip > 0
        if line is not None:
            indent = max(line[1], 0)
        memory[pair] = key
        found.append(gap)
    if skip >= 0:
        raise ValueError("more gaps are said than there are words to stand between")
    return found


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
