"""New merges on top of those that a tokenizer has."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from tokenry.vocabulary import Vocabulary


@dataclass
class Joins:
    """Merges that come after all others, in the order in which they were learnt.

    Attributes:
        first: the id that the first of them makes.
        room: how many may be made; None for no limit.
        merges: left, right and merged id.
        pieces: the piece of each.
    """

    first: int
    room: int | None = None
    merges: list[tuple[int, int, int]] = field(default_factory=list)
    pieces: list[bytes] = field(default_factory=list)
    _made: dict[tuple[int, int], int] = field(default_factory=dict)

    def apply(self, ids: list[int]) -> list[int]:
        """Join neighbours: always the earliest merge, of equal ones the leftmost.

        Later merges make higher ids, so the lowest id is the earliest.
        """
        while True:
            known = (
                (self._made[pair], at)
                for at, pair in enumerate(pairwise(ids))
                if pair in self._made
            )
            best = min(known, default=None)
            if best is None:
                return ids
            merged, at = best
            ids = [*ids[:at], merged, *ids[at + 2 :]]

    def learn(self, ids: list[int], vocabulary: Vocabulary) -> None:
        """Make one id of what the old merges make ``ids`` of, if there is room for it.

        What is left of it after the merges so far is joined from the left. Nothing is done where a
        piece on the way is an old one that old merges do not reach: its meaning would change.
        """
        ids = self.apply(ids)
        needed = len(ids) - 1
        if self.room is not None and len(self.merges) + needed > self.room:
            return
        runs = list(accumulate(self._piece(id_, vocabulary) for id_ in ids))[1:]
        if any(run in vocabulary for run in runs):
            return
        left = ids[0]
        for right, run in zip(ids[1:], runs, strict=True):
            self.pieces.append(run)
            left = self._add(left, right)

    def _add(self, left: int, right: int) -> int:
        merged = self.first + len(self.merges)
        self.merges.append((left, right, merged))
        self._made[left, right] = merged
        return merged

    def _piece(self, id_: int, vocabulary: Vocabulary) -> bytes:
        return self.pieces[id_ - self.first] if id_ >= self.first else vocabulary[id_] or b""
