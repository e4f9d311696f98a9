"""What a learner with deletions has learnt: a log of events, and the pieces that are left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tokenry.learning.alphabet import BYTE_ORDER
from tokenry.text.segmenters.event_log import DELETION, Derivations, EventLog


@dataclass(frozen=True, eq=False)
class EventList:
    """Specials, then bytes, then the pieces that are left, in the order in which they first came.

    Attributes:
        specials: contents of ids 0 to len(specials) - 1.
        events: kind, left, right and made symbol; see `tokenry.text.segmenters.event_log.EventLog`.
        counts: of each merge, how often its pair occurred; of each deletion, how often the piece
            was left when it was deleted.
    """

    specials: tuple[str, ...]
    events: NDArray[np.uint32]
    counts: NDArray[np.uint64]

    @cached_property
    def symbols(self) -> list[bytes]:
        """The piece of each symbol that there ever was."""
        pieces = [bytes([byte]) for byte in BYTE_ORDER]
        for kind, left, right, made in self.events.tolist():
            if kind != DELETION and made == len(pieces):
                pieces.append(pieces[left] + pieces[right])
        return pieces

    @cached_property
    def present(self) -> list[int]:
        """The symbols that are left, ascending."""
        known = Derivations()
        for kind, left, right, made in self.events.tolist():
            if kind == DELETION:
                known.delete(left)
            else:
                known.make(made, (left, right))
        return sorted(known.present)

    @property
    def pieces(self) -> list[bytes]:
        """Pieces in the order of ids, the specials' texts first."""
        texts = [special.encode() for special in self.specials]
        return texts + [self.symbols[symbol] for symbol in self.present]

    def __len__(self) -> int:
        return len(self.specials) + len(self.present)

    def log(self) -> Iterator[tuple[int, bytes, bytes, int]]:
        """Kind, left piece, right piece (empty for a deletion) and count of each event."""
        for row, count in zip(self.events.tolist(), self.counts.tolist(), strict=True):
            kind, left, right, _ = row
            yield kind, self.symbols[left], self.symbols[right] if kind != DELETION else b"", count

    def deleted(self) -> list[bytes]:
        """Pieces that there were once and are no more."""
        left = set(self.present)
        return [piece for symbol, piece in enumerate(self.symbols) if symbol not in left]

    def to_log(self) -> EventLog:
        """What encoding replays: the events, and the id of each symbol that is left."""
        ids = np.full(len(self.symbols), -1, dtype=np.int64)
        ids[self.present] = np.arange(len(self.specials), len(self))
        return EventLog(self.events, ids)
