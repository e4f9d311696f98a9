"""Ids on their way into a file: sequences, and the stretches of documents that they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

FILLED: Final = 2**32 - 1
"""In all columns of the origin of a segment that is padding."""


@dataclass(frozen=True, eq=False, slots=True)
class TokenSequences:
    """Sequences in one run of ids, each of one or more segments, which together fill it.

    Attributes:
        ids: all, one after another, in the type that they are stored in.
        ends: int64, shape (n,), where each sequence ends.
        segments: int64, shape (m,), where each segment ends; ends of sequences are among them.
        origins: uint32, shape (m, 3): the source, the record in it (from 0), and the first of the
            record's tokens that the segment has; `FILLED` for padding.
        channels: by name, arrays with a value for each id, such as ``loss`` (uint8).
    """

    ids: NDArray[Any]
    ends: NDArray[np.int64]
    segments: NDArray[np.int64]
    origins: NDArray[np.uint32]
    channels: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ends)

    @property
    def nbytes(self) -> int:
        """Bytes of the ids."""
        return int(self.ids.nbytes)

    @property
    def padding(self) -> int:
        """How many ids are padding."""
        lengths = np.diff(self.segments, prepend=0)
        return int(lengths[self.origins[:, 0] == FILLED].sum())

    def starts(self) -> NDArray[np.int64]:
        """Where each sequence begins, shape (n,)."""
        return np.concatenate([np.zeros(1, np.int64), self.ends[:-1]])[: len(self)]


def documents_as_sequences(
    ids: NDArray[Any],
    ends: NDArray[np.int64],
    places: NDArray[np.uint32],
    channels: Mapping[str, NDArray[Any]],
) -> TokenSequences:
    """Each document one sequence of one segment.

    Args:
        ids: of all documents.
        ends: where each ends.
        places: shape (n, 2): source and record of each.
        channels: a value for each id, by name.
    """
    origins = np.zeros((len(ends), 3), np.uint32)
    origins[:, :2] = places
    return TokenSequences(ids, ends, ends, origins, channels)


def joined(parts: list[TokenSequences]) -> TokenSequences:
    """One behind another."""
    if len(parts) == 1:
        return parts[0]
    shifts = np.cumsum([0, *(len(part.ids) for part in parts[:-1])])
    pairs = list(zip(parts, shifts.tolist(), strict=True))
    return TokenSequences(
        np.concatenate([part.ids for part in parts]),
        np.concatenate([part.ends + shift for part, shift in pairs]),
        np.concatenate([part.segments + shift for part, shift in pairs]),
        np.concatenate([part.origins for part in parts]),
        {
            name: np.concatenate([part.channels[name] for part in parts])
            for name in parts[0].channels
        },
    )
