"""What a reader makes of a file: bytes in a row, marks between them, and what stands aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.uint64]
NO_PLACES: Final[Places] = np.zeros(0, np.uint64)
NO_MARKS: Final[NDArray[np.uint16]] = np.zeros(0, np.uint16)


@dataclass(frozen=True, kw_only=True, eq=False)
class Parsed:
    """A file of a domain on its way to ids.

    Attributes:
        run: the bytes that pieces spell, in the order of the ids.
        cuts: ascending places in ``run`` that no piece crosses; those of marks need not be named.
        marks: numbers of marks, indices into ``Domain.marks``, in the order of the ids.
        places: where in ``run`` each mark stands, ascending; marks at one place stand in a row.
        residue: what the domain needs beside to give the file back byte for byte, and models do
            not: line widths, letter case, side channels. It comes behind all else in the ids.
        channels: numbers beside the ids for models that want them, such as the time since the
            packet before. Each has a value for each stretch between two cuts or marks, shape (n,);
            see `stretches`. They are not in the ids.
        mark_channels: the same for each mark, shape (marks,), of channels where marks have a value;
            0 in others.
    """

    run: bytes
    cuts: Places = field(default_factory=lambda: NO_PLACES)
    marks: NDArray[np.uint16] = field(default_factory=lambda: NO_MARKS)
    places: Places = field(default_factory=lambda: NO_PLACES)
    residue: bytes = b""
    channels: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)
    mark_channels: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)

    def bounds(self) -> Places:
        """All places that no piece crosses, with both ends; ascending, none twice."""
        places = _distinct(self.places)  # a file of symbols has many marks at one place
        found = np.concatenate(
            [np.zeros(1, np.uint64), self.cuts, places, np.array([len(self.run)], np.uint64)]
        )
        if len(places) and len(self.cuts):
            found.sort(kind="stable")
        return _distinct(found)

    def stretches(self) -> int:
        """How many stretches pieces are made of: those between `bounds`."""
        return len(self.bounds()) - 1

    def sections(self) -> Iterator[tuple[int, bytes]]:
        """Each mark's number with the bytes up to the next; -1 for those before the first."""
        places = [*self.places.tolist(), len(self.run)]
        if places[0] or not len(self.marks):
            yield -1, self.run[: places[0]]
        for mark, begin, end in zip(self.marks.tolist(), places, places[1:], strict=False):
            yield mark, self.run[begin:end]


def _distinct(places: Places) -> Places:
    """Ascending places, none twice."""
    keep = np.ones(len(places), bool)
    keep[1:] = places[1:] != places[:-1]
    return places[keep]


def of_sections(sections: list[tuple[int, bytes]], residue: bytes = b"") -> Parsed:
    """What `Parsed.sections` gave, as one; -1 stands for no mark.

    >>> [*of_sections([(1, b"ab"), (2, b"c")]).sections()]
    [(1, b'ab'), (2, b'c')]
    """
    sizes = np.array([0, *(len(content) for _, content in sections)], np.uint64)
    begins = np.cumsum(sizes)[:-1]
    marks = np.array([mark for mark, _ in sections], np.int64)
    marked = marks >= 0
    return Parsed(
        run=b"".join(content for _, content in sections),
        cuts=begins[~marked],
        marks=marks[marked].astype(np.uint16),
        places=begins[marked].astype(np.uint64),
        residue=residue,
    )
