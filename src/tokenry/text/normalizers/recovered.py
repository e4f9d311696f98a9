"""Where words that another program made of a text came from, found by their characters.

Such a program gives words and no places. Characters that are equal but for case, accents and
compatibility, in the order of both texts, stand for each other; what was changed otherwise stands
for all that was changed there.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np

from tokenry.spans import Alignment
from tokenry.text.unicode.character_sets import byte_offsets

RUN: Final = 8
"""So many characters that both texts have once are the same in both."""
REACH: Final = 48
"""So far ahead of a change what goes on in both is looked for; the time grows with its square."""
LEAST: Final = 4
"""Of so many characters."""


UNSEEN: Final = "\ufdd0"
"""A code point that is no character, for between words that may have spaces in them."""
_BETWEEN: Final = frozenset((" ", UNSEEN))


class Clusters(NamedTuple):
    """Characters that are no white space, each with the marks behind it.

    Attributes:
        keys: what each is but for case, accents and compatibility, a character each.
        starts: where each begins, in characters.
        ends: where each ends.
    """

    keys: str
    starts: list[int]
    ends: list[int]

    @classmethod
    def of(cls, text: str) -> Clusters:
        """Those of a text."""
        found = [match.span() for match in _cluster().finditer(text)]
        keys = "".join(_key(text[start]) for start, _ in found)
        return cls(keys, [start for start, _ in found], [end for _, end in found])


@cache
def _cluster() -> Any:
    import regex  # takes longer to import than a tokenizer to load

    return regex.compile(rf"[^\s{UNSEEN}]\p{{M}}*")


@cache
def _key(character: str) -> str:
    return unicodedata.normalize("NFKD", character).casefold().strip()[:1] or character


def recovered(text: str, words: Sequence[str], separator: str = " ") -> tuple[str, Alignment]:
    """``words`` with a separator between every two, and where each byte came from in ``text``."""
    joined = separator.join(words)
    old, new = Clusters.of(text), Clusters.of(joined)
    rows: list[tuple[int, int]] = []  # a character each
    last = 0
    for start, end, found in zip(new.starts, new.ends, _ranges(old, new, joined), strict=True):
        rows += [(last, last)] * (start - len(rows)) + [found] * (end - start)
        last = found[1]
    rows += [(last, last)] * (len(joined) - len(rows))
    table = np.array(rows, dtype=np.int64).reshape(-1, 2)
    table = byte_offsets(text)[np.repeat(table, np.diff(byte_offsets(joined)), axis=0)]
    return joined, Alignment(table[:, 0], table[:, 1])


def _ranges(old: Clusters, new: Clusters, joined: str) -> list[tuple[int, int]]:
    """The characters of the text that each cluster of the words stands for."""
    found: list[tuple[int, int]] = []
    pairs = [(-1, -1), *matches(old.keys, new.keys), (len(old.keys), len(new.keys))]
    for (before, place), (after, following) in pairwise(pairs):
        if place >= 0:
            found.append((old.starts[before], old.ends[before]))
        if after > before + 1:
            changed = (old.starts[before + 1], old.ends[after - 1])
            found += [changed] * (following - place - 1)
            continue
        for inserted in range(place + 1, following):
            both = ((before, place), (after, following))
            beside = [pair for pair in both if _in_one_word(new, joined, pair[1], inserted)]
            end = old.ends[before] if before >= 0 else 0
            at = beside[0][0] if beside else -1
            found.append((old.starts[at], old.ends[at]) if beside else (end, end))
    return found


def _in_one_word(new: Clusters, joined: str, place: int, inserted: int) -> bool:
    """Whether what was put in belongs to a cluster that was there."""
    if not 0 <= place < len(new.starts):
        return False
    low, high = sorted((place, inserted))
    return not _BETWEEN.intersection(joined[new.starts[low] : new.ends[high]])


def matches(old: str, new: str) -> Iterator[tuple[int, int]]:
    """Places of equal characters, ascending in both."""
    anchors = _anchors(old, new) if min(len(old), len(new)) > REACH else []
    at = place = 0
    for begin, other in [*anchors, (len(old), len(new))]:
        for pair in _between(old, new, (at, place), (begin, other)):
            yield pair
            at, place = pair[0] + 1, pair[1] + 1
        at, place = max(at, begin), max(place, other)


def _between(
    old: str, new: str, start: tuple[int, int], end: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    """The same of a part of both; where they part, from the nearest place where both go on."""
    (at, place), (last, final) = start, end
    while at < last and place < final:
        if old[at] != new[place]:
            found = _nearest(
                old[at : min(at + REACH, last)], new[place : min(place + REACH, final)]
            )
            if found is None:
                return
            at, place = at + found[0], place + found[1]
        yield at, place
        at, place = at + 1, place + 1


def _nearest(old: str, new: str) -> tuple[int, int] | None:
    """The least steps in both to a run that is equal, or to one end of both that is."""
    for total in range(1, len(old) + len(new) - 1):
        for step in range(max(0, total - len(new) + 1), min(total, len(old) - 1) + 1):
            one, other = old[step : step + LEAST], new[total - step : total - step + LEAST]
            ends = step + LEAST >= len(old) and total - step + LEAST >= len(new)
            if one == other and (len(one) == LEAST or ends):
                return step, total - step
    return None


def _anchors(old: str, new: str) -> list[tuple[int, int]]:
    """Places of runs that both have once, ascending in both: the longest such row."""
    once = _once(new)
    pairs = [(at, once[run]) for run, at in _once(old).items() if run in once]
    tails: list[int] = []  # the lowest last place of a row of each length
    ends: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(tails, place)
        tails[length : length + 1], ends[length : length + 1] = [place], [number]
        before.append(ends[length - 1] if length else -1)
    row, number = [], ends[-1] if ends else -1
    while number >= 0:
        row.append(pairs[number])
        number = before[number]
    return row[::-1]


def _once(text: str) -> dict[str, int]:
    seen: dict[str, int] = {}
    for at in range(len(text) - RUN + 1):
        run = text[at : at + RUN]
        seen[run] = -1 if run in seen else at
    return {run: at for run, at in seen.items() if at >= 0}
