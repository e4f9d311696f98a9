"""How often each document of some files is taken: what selection and mixing give, and shards take.

A file of JSON lines: first what it is, then for each source its path and how often each of its
records comes, in their order, packed. Records without a text count too, so that numbers are those
that readers give. Nothing of a document is in it, and nothing is edited.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import CorpusError, FormatError
from tokenry.files import write_atomically

FORMAT: Final = "tokenry-choice"
VERSION: Final = 1
MOST: Final = 255
"""How often a document can be taken."""


@dataclass(frozen=True, eq=False)
class DocumentChoice:
    """How often documents are taken.

    Attributes:
        times: by source, uint8, one for each of its records.
    """

    times: Mapping[str, NDArray[np.uint8]]

    @classmethod
    def of(cls, places: Iterable[tuple[str, int]], records: Mapping[str, int]) -> DocumentChoice:
        """From the place of each taken document, once for each time that it is taken.

        Args:
            places: sources and numbers of records in them, from 0.
            records: how many records each source has.

        Raises:
            CorpusError: one is taken more than 255 times.
        """
        counts = {source: np.zeros(size, np.int64) for source, size in records.items()}
        for source, record in places:
            counts[source][record] += 1
        most = max((int(each.max(initial=0)) for each in counts.values()), default=0)
        if most > MOST:
            raise CorpusError(f"a document is taken {most} times; give {MOST} or less")
        return cls({source: each.astype(np.uint8) for source, each in counts.items()})

    def of_source(self, source: str) -> NDArray[np.uint8]:
        """How often each record of a source is taken.

        Raises:
            CorpusError: nothing was chosen of it.
        """
        if source not in self.times:
            known = ", ".join(list(self.times)[:3])
            raise CorpusError(f"the choice says nothing of {source}; it is of {known}, ...; name "
                              "the files as they were named when it was made")  # fmt: skip
        return self.times[source]

    @cached_property
    def digest(self) -> str:
        """A hash of its content."""
        return hashlib.sha256(self._data()).hexdigest()

    def __len__(self) -> int:
        """Documents that are taken, each as often as it is."""
        return sum(int(each.sum(dtype=np.int64)) for each in self.times.values())

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the file; gives the path."""
        return write_atomically(path, self._data())

    def _data(self) -> bytes:
        lines: list[dict[str, object]] = [{"format": FORMAT, "version": VERSION}]
        for source, times in sorted(self.times.items()):
            packed = base64.b85encode(zlib.compress(times.tobytes(), 6)).decode()
            lines.append({"source": source, "records": len(times), "times": packed})
        return "".join(json.dumps(line) + "\n" for line in lines).encode()

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> DocumentChoice:
        """Read a file.

        Raises:
            FormatError: it is no such file, or damaged.
            OSError: it cannot be read.
        """
        lines = Path(path).read_bytes().splitlines()
        try:
            head, *rest = map(json.loads, lines)
            if (head["format"], head["version"]) != (FORMAT, VERSION):
                raise ValueError(f"format {head['format']}, version {head['version']}")
            return cls({line["source"]: _times(line) for line in rest})
        except (ValueError, KeyError, TypeError, zlib.error) as error:
            raise FormatError(f"{path} is no choice of documents: {error}") from None


def _times(line: Mapping[str, Any]) -> NDArray[np.uint8]:
    found = np.frombuffer(zlib.decompress(base64.b85decode(line["times"])), np.uint8)
    if len(found) != line["records"]:
        raise ValueError(f"{len(found)} of {line['records']} records of {line['source']}")
    return found
