"""What a merge learner has learnt: pieces in the order of their ids, and how each was made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import LearnError
from tokenry.json_data import Json
from tokenry.learning.alphabet import byte_ids
from tokenry.vocabulary import pack


@dataclass
class MergeList:
    """Specials first, then single bytes, then one piece a merge.

    Attributes:
        specials: contents of ids 0 to len(specials) - 1.
        alphabet: the bytes of the ids after them.
        merges: (left id, right id) of the ids after those.
        counts: how often the pair of each merge occurred when it was merged; 0 for merges that
            were given.
    """

    specials: tuple[str, ...]
    alphabet: bytes
    merges: list[tuple[int, int]] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    pieces: list[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.pieces = [b""] * len(self.specials) + [bytes([byte]) for byte in self.alphabet]
        merges, counts = self.merges, self.counts
        self.merges, self.counts = [], []
        for (left, right), count in zip(merges, counts, strict=True):
            self.add(left, right, count)

    def __len__(self) -> int:
        return len(self.pieces)

    @property
    def first_merge(self) -> int:
        """The id that the first merge makes."""
        return len(self.specials) + len(self.alphabet)

    def add(self, left: int, right: int, count: int) -> None:
        """Append the piece that a merge makes.

        Raises:
            LearnError: it is made of an id that has no piece yet.
        """
        for id_ in (left, right):
            if not len(self.specials) <= id_ < len(self):
                raise LearnError(f"merge {len(self.merges)} is of id {id_}, which has no piece yet")
        self.merges.append((left, right))
        self.counts.append(count)
        self.pieces.append(self.pieces[left] + self.pieces[right])

    def add_given(self, merges: Sequence[tuple[bytes, bytes]]) -> None:
        """Append merges given as pieces.

        Raises:
            LearnError: a merge is of a piece that is not made before it, or makes one twice.
        """
        ids = {piece: id_ for id_, piece in enumerate(self.pieces) if piece}
        for left, right in merges:
            missing = [piece for piece in (left, right) if piece not in ids]
            if missing or left + right in ids:
                raise LearnError(
                    f"merge {len(self.merges)}, {left!r} with {right!r}: "
                    + (f"{missing[0]!r} is" if missing else f"{left + right!r} is made twice;")
                    + (" not made before it;" if missing else "")
                    + " give merges in the order in which they were learnt"
                )
            self.add(ids[left], ids[right], 0)
            ids[left + right] = len(self) - 1

    def packed(self) -> tuple[bytes, NDArray[np.uint64]]:
        """Bytes and offsets of all pieces; a special has none."""
        return pack(self.pieces)

    def byte_ids(self) -> NDArray[np.int64]:
        """Ids of single bytes, shape (256,), -1 where there is none."""
        return byte_ids(self.alphabet, len(self.specials))

    def table(self) -> NDArray[np.uint32]:
        """Left, right and made id of each merge, shape (m, 3)."""
        table = np.zeros((len(self.merges), 3), dtype=np.uint32)
        if self.merges:
            table[:, :2] = self.merges
        table[:, 2] = np.arange(self.first_merge, self.first_merge + len(self.merges))
        return table

    def log(self) -> Iterator[tuple[bytes, bytes, int]]:
        """Left piece, right piece and count of each merge, in the order of learning."""
        for (left, right), count in zip(self.merges, self.counts, strict=True):
            yield self.pieces[left], self.pieces[right], count

    def snapshot(self) -> Callable[[], Json]:
        """The merges up to now; see `tokenry.learning.checkpoint.Resumable`."""
        many = len(self.merges)

        def rows() -> Json:
            made = zip(self.merges[:many], self.counts[:many], strict=True)
            return {"merges": [[*pair, count] for pair, count in made]}

        return rows

    def restore(self, saved: Json) -> None:
        """Append the merges of a snapshot that this list has not."""
        rows = [(int(left), int(right), int(count)) for left, right, count in saved["merges"]]
        for left, right, count in rows[len(self.merges) :]:
            self.add(left, right, count)
