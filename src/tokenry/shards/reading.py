"""Shards of our own format, mapped: ids of documents, and rows for training."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import ShardError
from tokenry.files import AnyPath
from tokenry.shards.records import PartRecord, ShardRecord, read_record, read_summary
from tokenry.shards.sequences import FILLED
from tokenry.shards.storage import is_remote


@dataclass(frozen=True)
class ShardPart:
    """One part, mapped when it is first asked for; pickles hold names only.

    Attributes:
        folder: where it is.
        record: what is known of it.
        dtype: of its ids.
        channels: names of what else each id has.
    """

    folder: Path
    record: PartRecord
    dtype: str
    channels: tuple[str, ...]

    @cached_property
    def ids(self) -> NDArray[Any]:
        """All ids."""
        return self._mapped("bin", np.dtype(self.dtype).newbyteorder("<").str)

    @cached_property
    def segments(self) -> NDArray[np.uint64]:
        """Where each segment ends."""
        return self._mapped("ends", "<u8")

    @cached_property
    def origins(self) -> NDArray[np.uint32]:
        """Source, record and first token of each segment, shape (m, 3)."""
        return self._mapped("origins", "<u4").reshape(-1, 3)

    def channel(self, name: str) -> NDArray[np.uint8]:
        """A value for each id."""
        return self._mapped(name, "u1")

    def _mapped(self, kind: str, dtype: str) -> NDArray[Any]:
        path = self.folder / f"{self.record.name}.{kind}"
        if path.stat().st_size == 0:  # cannot be mapped
            return np.zeros(0, dtype)
        return np.memmap(path, dtype, mode="r")

    def __getstate__(self) -> dict[str, Any]:
        names = ("folder", "record", "dtype", "channels")
        return {name: self.__dict__[name] for name in names}


@dataclass(frozen=True)
class TokenShards(Sequence[NDArray[Any]]):
    """All segments of a folder of shards, in order: item ``i`` is the ids of segment ``i``, a view.

    Without packing a segment is a document, with its specials.
    """

    folder: Path
    records: tuple[ShardRecord, ...]
    parts: tuple[ShardPart, ...]
    length: int | None

    @classmethod
    def open(cls, folder: AnyPath) -> TokenShards:
        """Of a folder that `tokenry.shards.write_shards` completed.

        Raises:
            ShardError: the folder is not complete, of another format, or not of this machine.
        """
        if is_remote(folder):
            raise ShardError(f"{folder} cannot be mapped; copy the shards to this machine first")
        folder = Path(folder)
        summary = read_summary(folder)
        if summary.shard_format != "own":
            raise ShardError(
                f"{folder} has shards in the format {summary.shard_format!r}, which its own "
                "library reads; this reads format='own'"
            )
        records = [read_record(folder, shard) for shard in summary.shards]
        if None in records:
            raise ShardError(f"{folder} lacks the record of a shard; make it with resume=True")
        found = tuple(record for record in records if record is not None)
        parts = tuple(
            ShardPart(folder, part, summary.dtype, summary.channels)
            for record in found
            for part in record.parts
        )
        return cls(folder, found, parts, summary.length)

    @cached_property
    def _ends(self) -> NDArray[np.int64]:
        return np.cumsum([part.record.segments for part in self.parts], dtype=np.int64)

    def __len__(self) -> int:
        return int(self._ends[-1]) if len(self._ends) else 0

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        at = range(len(self))[index]
        number = int(np.searchsorted(self._ends, at, side="right"))
        part = self.parts[number]
        within = at - (int(self._ends[number - 1]) if number else 0)
        begin = int(part.segments[within - 1]) if within else 0
        return part.ids[begin : int(part.segments[within])]

    def __iter__(self) -> Iterator[NDArray[Any]]:
        for part in self.parts:
            begin = 0
            for end in part.segments.tolist():
                yield part.ids[begin:end]
                begin = end

    def __getstate__(self) -> dict[str, Any]:
        names = ("folder", "records", "parts", "length")
        return {name: self.__dict__[name] for name in names}

    def rows(self, length: int | None = None) -> ShardRows:
        """Rows of one length, for training.

        Args:
            length: ids of a row; None: that of the job. Where documents were not packed, rows are
                cut from each part as it is, and what is left at its end is left out.

        Raises:
            ShardError: no length is known, or another than that of packed rows is asked for.
        """
        if self.length is not None and length not in (None, self.length):
            raise ShardError(f"rows were packed to {self.length} ids; {length} cannot be had")
        chosen = length or self.length
        if chosen is None:
            raise ShardError("documents were not packed; say how long rows are with length=")
        return ShardRows(self.parts, chosen)


@dataclass(frozen=True)
class ShardRows:
    """Rows of ids: a data set by number, as torch has it (it needs no class of torch).

    An item is a dict of arrays of shape (length,): ``ids`` (int64); ``segment`` (int64), the number
    of the stretch that an id belongs to, from 0 in each row, -1 for padding; ``position`` (int64),
    its place in that stretch; and each channel. Attention that stays within equal ``segment`` keeps
    documents apart.
    """

    parts: tuple[ShardPart, ...]
    length: int

    @cached_property
    def _ends(self) -> NDArray[np.int64]:
        counts = [part.record.tokens // self.length for part in self.parts]
        return np.cumsum(counts, dtype=np.int64)

    def __len__(self) -> int:
        return int(self._ends[-1]) if len(self._ends) else 0

    def __getitem__(self, index: int) -> dict[str, NDArray[Any]]:
        at = range(len(self))[index]
        number = int(np.searchsorted(self._ends, at, side="right"))
        part = self.parts[number]
        begin = (at - (int(self._ends[number - 1]) if number else 0)) * self.length
        end = begin + self.length
        found = {"ids": part.ids[begin:end].astype(np.int64), **_places(part, begin, end)}
        for name in part.channels:
            found[name] = np.array(part.channel(name)[begin:end])
        return found

    def __getstate__(self) -> dict[str, Any]:
        return {"parts": self.parts, "length": self.length}


def _places(part: ShardPart, begin: int, end: int) -> dict[str, NDArray[np.int64]]:
    """Segment and position of the ids at [begin, end)."""
    first = int(np.searchsorted(part.segments, begin, side="right"))
    last = int(np.searchsorted(part.segments, end, side="left"))
    ends = np.minimum(part.segments[first : last + 1].astype(np.int64), end)
    sizes = np.diff(ends, prepend=begin)
    numbers = np.where(part.origins[first : last + 1, 0] == FILLED, -1, np.arange(len(sizes)))
    starts = np.repeat(ends - sizes, sizes)
    return {
        "segment": np.repeat(numbers, sizes),
        "position": np.arange(begin, end) - starts,
    }
