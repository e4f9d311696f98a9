"""Which documents no learner sees: decided by the content of each document alone.

A document is held out where a keyed hash of its bytes falls below a threshold. The decision does
not depend on order, file names or what other documents there are, and exact duplicates always fall
on the same side. Two adjustments keep small and huge data measurable, both deterministic: every
domain of two or more different documents holds out at least one (the smallest hash), and the
threshold is lowered so that the held-out part fits in `HELD_OUT_BYTES`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from tokenry.corpus.documents import Document
from tokenry.corpus.holdout import digest
from tokenry.errors import CorpusError

# What is measured is kept in memory; 8 MB gives bootstrap intervals of well under one per cent.
HELD_OUT_BYTES = 8_000_000
_RANGE = 2**64


@dataclass(slots=True)
class DomainCount:
    """What a domain holds."""

    documents: int = 0
    bytes: int = 0
    held_documents: int = 0
    held_bytes: int = 0


@dataclass(frozen=True)
class DataSplit:
    """The two sides of the data; the learning side is read again from its source each time."""

    held_out: tuple[Document, ...]  # without exact duplicates, in reading order
    domains: dict[str, DomainCount]
    duplicates: int  # documents that are an exact copy of an earlier one
    fingerprint: str  # SHA-256 over the documents in reading order
    read: Callable[[], Iterable[Document]] = field(repr=False)
    held_digests: frozenset[int] = field(repr=False)
    seed: int

    def learning_documents(self) -> Iterator[Document]:
        """Documents of the other side, in reading order."""
        for document in self.read():
            if document.data and digest(document.data, self.seed) not in self.held_digests:
                yield document

    @property
    def learning_bytes(self) -> int:
        """Size of the other side."""
        return sum(count.bytes - count.held_bytes for count in self.domains.values())


def split(read: Callable[[], Iterable[Document]], share: float, seed: int) -> DataSplit:
    """Read all documents once and decide which are held out.

    Args:
        read: starts a new iteration over the documents.
        share: of them; 1 where nothing learns, and all are measured on that fit.
        seed: of the hashes.

    Raises:
        CorpusError: there is no text, or only one distinct document to learn from and measure on.
    """
    survey = _Survey(threshold=int(share * _RANGE), seed=seed)
    for document in read():
        survey.add(document)
    held = survey.chosen()
    documents = tuple(document for key, document in survey.candidates.items() if key in held)
    for document in documents:
        survey.domains[document.domain].held_documents += 1
    for (domain, key), size in survey.sizes.items():
        if key in held:
            survey.domains[domain].held_bytes += size
    return DataSplit(
        held_out=documents,
        domains=dict(sorted(survey.domains.items())),
        duplicates=survey.duplicates,
        fingerprint=survey.fingerprint.hexdigest(),
        read=read,
        held_digests=held,
        seed=seed,
    )


class _Survey:
    """One pass over the data; keeps what may be held out and a number for each other document."""

    def __init__(self, *, threshold: int, seed: int) -> None:
        self.wanted = self.threshold = threshold
        self.seed = seed
        self.domains: dict[str, DomainCount] = {}
        self.duplicates = 0
        self.fingerprint = hashlib.sha256()
        self.seen: set[int] = set()
        self.candidates: dict[int, Document] = {}  # below the threshold, or smallest of a domain
        self.smallest: dict[str, Document] = {}
        self.distinct: dict[str, int] = {}
        self.sizes: dict[tuple[str, int], int] = {}  # bytes of candidates with their duplicates
        self.kept_bytes = 0

    def add(self, document: Document) -> None:
        if not document.data:
            return
        key = digest(document.data, self.seed)
        self.fingerprint.update(f"{document.domain}\n{len(document.data)}\n{key}\n".encode())
        count = self.domains.setdefault(document.domain, DomainCount())
        count.documents += 1
        count.bytes += len(document.data)
        new = key not in self.seen
        self.duplicates += not new
        self.seen.add(key)
        if new:
            self._offer(key, document)
        if key in self.candidates:
            place = (document.domain, key)
            self.sizes[place] = self.sizes.get(place, 0) + len(document.data)

    def _offer(self, key: int, document: Document) -> None:
        self.distinct[document.domain] = self.distinct.get(document.domain, 0) + 1
        smallest = self.smallest.get(document.domain)
        least = smallest is None or key < digest(smallest.data, self.seed)
        if least:
            self.smallest[document.domain] = document
        if key < self.threshold or least:
            self.candidates[key] = document
            self.kept_bytes += len(document.data)
            if self.kept_bytes > 2 * HELD_OUT_BYTES:
                self._shrink()

    def _shrink(self) -> None:
        """Lower the threshold until what is below it fits."""
        size = 0
        for place, key in enumerate(sorted(self.candidates)):
            size += len(self.candidates[key].data)
            if place and size > HELD_OUT_BYTES:
                self.threshold = min(self.threshold, key)
                break
        needed = {digest(document.data, self.seed) for document in self.smallest.values()}
        self.candidates = {
            key: document
            for key, document in self.candidates.items()
            if key < self.threshold or key in needed
        }
        self.kept_bytes = sum(len(document.data) for document in self.candidates.values())

    def chosen(self) -> frozenset[int]:
        """Hashes of the documents to hold out."""
        learns = self.wanted < _RANGE
        if len(self.seen) < 1 + learns:
            raise CorpusError(
                "there is no text: every document is empty"
                if not self.seen
                else "there is one distinct document, and a study needs one to learn from and "
                "another to measure on; give more files, or a file above 256 kB, which is cut "
                "into passages"
            )
        self._shrink()
        held = {key for key in self.candidates if key < self.threshold}
        for domain, document in self.smallest.items():
            if self.distinct[domain] > 1:
                held.add(digest(document.data, self.seed))
        if not held:
            held.add(min(self.seen))
        if learns and len(held) == len(self.seen):
            held.remove(max(held))
        return frozenset(held)
