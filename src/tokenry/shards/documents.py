"""Documents of source files a few megabytes at a time, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.corpus.options import ReadOptions
from tokenry.corpus.readers import read_texts
from tokenry.files import AnyPath
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
    sources: Sequence[AnyPath], options: ReadOptions, tally: Tally
) -> Iterator[DocumentBatch]:
    """All documents of the sources, in order; those without a byte are left out.

    Raises:
        CorpusError: a source cannot be read.
    """
    texts: list[bytes] = []
    places: list[tuple[int, int]] = []
    held = 0
    for number, source in enumerate(sources):
        with at_hand(source) as path:
            record = -1  # not `enumerate`, which holds on to what it gave: documents may be large
            for text in read_texts(path, options):
                record += 1
                if not text:
                    continue
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
