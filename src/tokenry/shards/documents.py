"""Documents of source files a few megabytes at a time, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.corpus.choice import DocumentChoice
from tokenry.corpus.options import ReadOptions
from tokenry.corpus.readers import read_texts
from tokenry.errors import CorpusError
from tokenry.shards.storage import at_hand

BATCH_BYTES: Final = 4 << 20
BATCH_DOCUMENTS: Final = 1 << 14  # a million short lines would be a hundred megabytes of objects


@dataclass(frozen=True, slots=True)
class DocumentBatch:
    """Some documents.

    Attributes:
        texts: their bytes; for a transform that takes records, JSON.
        places: uint32, shape (n, 2): number of the source, number of the record in it (from 0).
    """

    texts: list[bytes]
    places: NDArray[np.uint32]


class Tally:
    """How many documents, and bytes of them, each source had; counted while they are read."""

    def __init__(self, sources: int) -> None:
        self.documents = [0] * sources
        self.bytes = [0] * sources

    def add(self, source: int, text: bytes) -> None:
        """Count a document."""
        self.documents[source] += 1
        self.bytes[source] += len(text)


def read_batches(
    sources: Sequence[str],
    options: ReadOptions,
    tally: Tally,
    choice: DocumentChoice | None = None,
) -> Iterator[DocumentBatch]:
    """All documents of the sources, in order; those without a byte are left out.

    With a choice each comes as often as that says, one time behind the other.

    Raises:
        CorpusError: a source cannot be read, or has other records than the choice was made of.
    """
    texts: list[bytes] = []
    places: list[tuple[int, int]] = []
    held = 0
    for number, source in enumerate(sources):
        times = None if choice is None else choice.of_source(source)
        with at_hand(source) as path:
            record = -1  # not `enumerate`, which holds on to what it gave: documents may be large
            for text in read_texts(path, options):
                record += 1
                for _ in range(taken(times, record, source) if text else 0):
                    tally.add(number, text)
                    texts.append(text)
                    places.append((number, record))
                    held += len(text)
                del text  # a generator that waits would keep a long document twice
                if held >= BATCH_BYTES or len(texts) >= BATCH_DOCUMENTS:
                    yield DocumentBatch(texts, np.array(places, np.uint32))
                    texts, places, held = [], [], 0
    if texts:
        yield DocumentBatch(texts, np.array(places, np.uint32))


def taken(times: NDArray[np.uint8] | None, record: int, source: str) -> int:
    """How often a record of a source is taken.

    Raises:
        CorpusError: the choice has no such record.
    """
    if times is None:
        return 1
    if record >= len(times):
        raise CorpusError(
            f"{source} has more records than the {len(times):,} that the choice was made of; "
            "choose again"
        )
    return int(times[record])
