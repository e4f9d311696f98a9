"""The ids that a prompt certainly begins with, so that a model can read them in one pass.

What stands before the last cut that no continuation moves is encoded for good. A splitter that cuts
nothing leaves one pretoken; there the ids are certain that all paths share which end near the end
of the prompt.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tokenry.decoding.canonical.cuts import Cuts
from tokenry.decoding.canonical.joins import PathJoins, PieceJoins
from tokenry.decoding.canonical.probes import MANY, probes
from tokenry.decoding.spelling import Spelling

NEAR = 12
"""Pretokens at the end of a prompt that are cut again with what may follow."""


class Trunk(NamedTuple):
    """Ids that every canonical sequence of a text begins with.

    Attributes:
        ids: they.
        since: the number of the first of them that can still decide what follows.
    """

    ids: list[int]
    since: int


def trunk_of(text: bytes, spelling: Spelling, cuts: Cuts, joins: PieceJoins) -> Trunk:
    """The certain ids of a text; none where it is short, or cannot be written."""
    written = spelling.prefix + text if text else b""
    ids = spelling.ids(text)
    if spelling.bytes_of(ids) != written:
        return Trunk([], 0)
    ends = np.cumsum([len(spelling.pieces[id_] or b"") for id_ in ids]).tolist()
    if cuts.never:
        assert isinstance(joins, PathJoins)
        sure = joins.shared_end(written)
    else:
        sure = _last_certain(written, cuts, ends)
    count = sum(end <= sure for end in ends)
    if not count:
        return Trunk([], 0)
    if cuts.never:
        since = count - joins.needed(tuple(ids[:count]))
    else:
        # What stands behind the trunk is not known to whoever asks what may follow it.
        last = _last_certain(written[: ends[count - 1]], cuts, ends)
        since = sum(end <= last for end in ends)
    return Trunk(ids[:count], since)


def _last_certain(written: bytes, cuts: Cuts, ends: list[int]) -> int:
    """The last cut that stands whatever follows; 0 for none."""
    places = cuts.places(written)
    start = places[-NEAR - 1] if len(places) > NEAR else 0
    rest, certain = written[start:], set(places[-NEAR:])
    for probe in {*MANY, *probes(written[-16:])}:
        certain &= {start + place for place in cuts.places(rest + probe)}
    return max(certain & set(ends), default=0)
