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

RUN: Final = 8
"""So many characters that both texts have once are the same in both."""
REACH: Final = 48
"""So far ahead of a change what goes on in both is looked for; the time grows with its square."""
LEAST: Final = 4
"""Of so many characters."""


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

    return regex.compile(r"\S\p{M}*")


@cache
def _key(character: str) -> str:
    return unicodedata.normalize("NFKD", character).casefold().strip()[:1] or character


def recovered(text: str, words: Sequence[str]) -> tuple[str, Alignment]:
    """``words`` with a space between every two, and where each byte came from in ``text``."""
    joined = " ".join(words)
    old, new = Clusters.of(text), Clusters.of(joined)
    ranges = _ranges(old, new, joined, len(text))
    places = np.cumsum([0, *(len(each.encode("utf-8", "surrogatepass")) for each in text)])
    begins, finishes, at, last = [], [], 0, 0
    for start, end, (begin, finish) in zip(new.starts, new.ends, ranges, strict=True):
        spaces, width = start - at, len(joined[start:end].encode("utf-8", "surrogatepass"))
        begins += [last] * spaces + [begin] * width
        finishes += [last] * spaces + [finish] * width
        at, last = end, finish
    return joined, Alignment(places[begins].astype(np.int64), places[finishes].astype(np.int64))


def _ranges(old: Clusters, new: Clusters, joined: str, size: int) -> list[tuple[int, int]]:
    """The characters of the text that each cluster of the words stands for."""
    found: list[tuple[int, int]] = []
    for (before, place), (after, next_place) in pairwise(
        [(-1, -1), *matches(old.keys, new.keys), (len(old.keys), len(new.keys))]
    ):
        if place >= 0:
            found.append((old.starts[before], old.ends[before]))
        if after > before + 1:
            changed = (old.starts[before + 1], old.ends[after - 1])
            found += [changed] * (next_place - place - 1)
            continue
        for inserted in range(place + 1, next_place):
            found.append(_beside(old, new, joined, (before, place), (after, next_place), inserted))
    return found


def _beside(
    old: Clusters,
    new: Clusters,
    joined: str,
    before: tuple[int, int],
    after: tuple[int, int],
    inserted: int,
) -> tuple[int, int]:
    """The range of what was inserted: that of its neighbour in its word, else an empty one."""
    for neighbour, place in (before, after):
        if 0 <= place < len(new.starts):
            low, high = sorted((place, inserted))
            if " " not in joined[new.starts[low] : new.ends[high]]:
                return old.starts[neighbour], old.ends[neighbour]
    end = old.ends[before[0]] if before[0] >= 0 else 0
    return end, end


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
