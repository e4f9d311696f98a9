"""Documents as the second step of SuperBPE reads them: cut short, hashed, as ids of pieces."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

import numpy as np

from tokenry import _native
from tokenry.corpus import Corpus
from tokenry.learning.counting import feed
from tokenry.learning.merge_list import MergeList
from tokenry.learning.merging import native_errors
from tokenry.progress import Progress
from tokenry.text.parts import Pretokenizer


class HashedDocuments:
    """Documents that are cut short, and hashed with their sizes on the way.

    Args:
        corpus: the documents.
        limit: how much of each is read: a number of bytes; or a share of the documents (a float)
            that stay whole, so that longer ones are cut at that quantile of length; None for all.
            With fewer than 100 documents a share cuts nothing.
    """

    def __init__(self, corpus: Corpus, limit: float | None) -> None:
        self.corpus = corpus
        self.limit = limit
        self._digest = hashlib.blake2b(digest_size=16)

    def __iter__(self) -> Iterator[bytes]:
        limit = self._bytes()
        self._digest = hashlib.blake2b(digest_size=16)
        for document in self.corpus:
            data = document.data
            if limit is not None and len(data) > limit:
                data = whole_characters(data[:limit])
            self._digest.update(len(data).to_bytes(8, "little"))
            self._digest.update(data)
            yield data

    def digest(self) -> str:
        """Of what was read last."""
        return self._digest.hexdigest()

    def _bytes(self) -> int | None:
        if not isinstance(self.limit, float):
            return self.limit
        sizes = np.fromiter((len(document.data) for document in self.corpus), dtype=np.int64)
        if len(sizes) < 100:
            return None
        return int(np.quantile(sizes, self.limit, method="higher"))


def whole_characters(data: bytes) -> bytes:
    """``data`` without a character that was cut at its end."""
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte < 0x80:
            return data
        if byte >= 0xC0:
            wanted = 2 + (byte >= 0xE0) + (byte >= 0xF0)
            return data if back >= wanted else data[:-back]
    return data


def document_symbols(
    documents: Iterable[bytes], pretokenizer: Pretokenizer, learnt: MergeList, progress: Progress
) -> _native.DocumentSymbols:
    """The pieces of ``learnt`` that documents are made of.

    Raises:
        CorpusError: there are no documents.
        LearnError: they are more than the core can hold.
    """
    with native_errors():
        symbols = _native.DocumentSymbols(
            pretokenizer.native, *learnt.packed(), learnt.byte_ids(), learnt.table()
        )
        feed(documents, pretokenizer, symbols, progress)
    return symbols
