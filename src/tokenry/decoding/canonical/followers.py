"""What may follow a sequence of ids so that it stays one that `encode` gives the beginning of.

A sequence is canonical where some text's ids begin with it. `Canonical` says of every id whether it
may follow, and whether the text may end: by the splitter (`cuts`) and by the segmenter (`joins`).
What it looks at is a context: the ids since the last place that is a cut whatever follows, and of
those the ones that still decide anything.

Exact for byte-pair encoding, Unigram and longest match behind splitters that look ahead as far as
`probes` does. Added tokens that text becomes without permission: `added`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.canonical.cuts import Cuts, Plan
from tokenry.decoding.canonical.joins import joins_of
from tokenry.decoding.canonical.trunks import trunk_of
from tokenry.decoding.spelling import Spelling

Ids = tuple[int, ...]
Context = Any
"""Whatever decides what may follow: hashable, and empty at the beginning."""
Mask = NDArray[np.bool_]
KEPT: Final = 1024
NOTHING_WRITTEN: Final = -1
"""Begins the context of the prefix alone."""
LONGEST: Final = 12
"""Ids of a pretoken that are looked at where it is cut: the last ones."""


@dataclass(frozen=True)
class Followers:
    """What may follow a sequence of ids.

    Attributes:
        ids: by place in the order of pieces, shape (n,).
        may_end: whether the text may end here.
        needed: how many of the context's last ids decide about what comes later.
    """

    ids: Mask
    may_end: bool
    needed: int


class Following(Protocol):
    """Which sequences of ids are summed over."""

    def followers(self, context: Context) -> Followers:
        """What may follow."""

    def after(self, context: Context, id_: int) -> Context:
        """The context once ``id_`` has followed."""


class AllIds:
    """Every sequence of ids that write.

    Args:
        spelling: of the tokenizer.
    """

    def __init__(self, spelling: Spelling) -> None:
        self._followers = Followers(np.ones(len(spelling.order), np.bool_), True, 0)

    def followers(self, context: Context) -> Followers:
        """All."""
        return self._followers

    def after(self, context: Context, id_: int) -> Context:
        """Nothing that came before matters."""
        return ()


class Canonical:
    """Sequences that `encode` gives.

    Args:
        spelling: of the tokenizer.
        by_shape: see `tokenry.decoding.canonical.cuts.Cuts`.
    """

    def __init__(self, spelling: Spelling, *, by_shape: bool = True) -> None:
        tokenizer = spelling.tokenizer
        self._spelling = spelling
        self._joins = joins_of(tokenizer, spelling.pieces, spelling.order)
        self._cuts = Cuts(tokenizer.pretokenizer, spelling.pieces, by_shape=by_shape)
        self.followers = lru_cache(KEPT)(self._find)

    def after(self, context: Ids, id_: int) -> Ids:
        """The ids that still decide."""
        if not context:
            # A tokenizer that puts a space before a text makes no id of the empty text.
            empty = self._spelling.pieces[id_] == self._spelling.prefix
            return (NOTHING_WRITTEN, id_) if empty else (id_,)
        needed = self.followers(context).needed
        return (*context[len(context) - needed :], id_)

    def trunk(self, text: bytes) -> tuple[list[int], Ids]:
        """Ids that every canonical sequence of a text begins with, and the context after them."""
        trunk = trunk_of(text, self._spelling, self._cuts, self._joins)
        if self._spelling.bytes_of(trunk.ids) == self._spelling.prefix:
            return [], ()
        return trunk.ids, tuple(trunk.ids[trunk.since :])

    def _find(self, context: Ids) -> Followers:
        if not context:
            return self._at_the_beginning()
        if context[0] == NOTHING_WRITTEN:
            return replace(self.followers(context[1:]), may_end=False)
        if self._cuts.never:
            allowed, needed = self._joins.after(context), self._joins.needed(context)
            return self._made(allowed, self._joins.is_closed(context), needed)
        return self._cut(context)

    def _at_the_beginning(self) -> Followers:
        """Ids that begin with the tokenizer's prefix; the empty text may end."""
        allowed = self._joins.starts()
        if not self._cuts.never:
            allowed = allowed & self._cuts.plans(())[()].cut
        prefix = self._spelling.prefix
        if prefix:
            begins = [(piece or b"").startswith(prefix) for piece in self._spelling.pieces]
            allowed = allowed & np.array(begins)
        return self._made(allowed, True, 0)

    def _cut(self, context: Ids) -> Followers:
        shown = context[-LONGEST:]
        plans = {
            plan: followers
            for plan, followers in self._cuts.plans(shown).items()
            if self._keeps(shown, plan)
        }
        allowed = np.zeros(len(self._spelling.pieces), np.bool_)
        for plan, followers in plans.items():
            allowed |= followers.cut & self._joins.starts() & self._closes(shown, plan)
            if followers.uncut.any() and self._joins.is_open(_last(shown, plan)):
                allowed |= followers.uncut & self._joins.after(_last(shown, plan))
        return self._made(allowed, self._may_end(context), self._needed(shown, plans))

    def _keeps(self, ids: Ids, plan: Plan) -> bool:
        """Whether each pretoken of a plan but the last becomes its ids."""
        return all(map(self._joins.is_closed, _pretokens(ids, plan)[:-1]))

    def _closes(self, ids: Ids, plan: Plan) -> bool:
        return self._joins.is_closed(_last(ids, plan))

    def _may_end(self, context: Ids) -> bool:
        """Whether the tokenizer makes the context of its bytes alone."""
        bounds = self._cuts.alone(context)
        return bounds is not None and all(map(self._joins.is_closed, _pretokens(context, bounds)))

    def _needed(self, ids: Ids, plans: Iterable[Plan]) -> int:
        """Ids behind the last bound that is a cut in every plan."""
        certain = [at for at, every in enumerate(zip(*plans, strict=True), 1) if all(every)]
        return len(ids) - max(certain, default=0)

    def _made(self, allowed: Mask, may_end: bool, needed: int) -> Followers:
        return Followers(allowed[self._spelling.order.ids], may_end, needed)


def _pretokens(ids: Ids, plan: Plan) -> list[Ids]:
    """The ids of each pretoken of a plan."""
    starts = [0, *(at + 1 for at, is_cut in enumerate(plan) if is_cut), len(ids)]
    return [ids[start:end] for start, end in pairwise(starts)]


def _last(ids: Ids, plan: Plan) -> Ids:
    return _pretokens(ids, plan)[-1]
