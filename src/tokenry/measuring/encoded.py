"""Documents, and the same documents as one tokenizer writes them: what every metric starts from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import CorpusError
from tokenry.measuring.words import word_spans

if TYPE_CHECKING:
    from tokenry.tokenizer import Tokenizer

Ids = NDArray[np.uint32]
Counts = NDArray[np.int64]


class HasPieces(Protocol):
    """The part of a `tokenry.Vocabulary` that measuring needs."""

    @property
    def pieces(self) -> Sequence[bytes | None]:
        """Canonical bytes by id; None where an id has none."""


class Measurable(Protocol):
    """The part of a `tokenry.Tokenizer` that measuring needs."""

    @property
    def vocabulary(self) -> HasPieces:
        """id -> bytes."""

    def encode_to_numpy(self, text: bytes, /) -> Ids:
        """Ids of ``text``."""

    def count_batch(self, texts: Sequence[str], /) -> NDArray[np.int64]:
        """How many ids each text has."""

    def decode_bytes(self, ids: Ids, /) -> bytes:
        """Bytes of ``ids``."""

    def fingerprint(self) -> str:
        """What identifies the tokenizer."""


class Spanning(Protocol):
    """What says where in a text its ids stand."""

    def encode_with_spans(self, text: str | bytes, /) -> tuple[Ids, Counts]:
        """Ids of ``text``, shape (k,), and their byte spans, shape (k, 2)."""

    def fingerprint(self) -> str:
        """What identifies the tokenizer."""


@dataclass(frozen=True)
class Sample:
    """Documents to measure on."""

    documents: tuple[bytes, ...]

    @classmethod
    def of(cls, documents: Iterable[bytes]) -> Sample:
        """A sample of all non-empty documents."""
        kept = tuple(document for document in documents if document)
        if not kept:
            raise CorpusError(
                "measuring was given no text: expected at least one document that is not empty"
            )
        return cls(kept)

    @cached_property
    def sizes(self) -> Counts:
        """Bytes by document."""
        return np.array([len(document) for document in self.documents], dtype=np.int64)

    @cached_property
    def word_spans(self) -> tuple[Counts, ...]:
        """Begin and end of each word in bytes, shape (n, 2), by document."""
        return tuple(map(word_spans, self.documents))

    @cached_property
    def words(self) -> Counts:
        """Words by document, by `tokenry.measuring.words.WORD_RULE`."""
        return np.array([len(spans) for spans in self.word_spans], dtype=np.int64)

    def part(self, chosen: Sequence[int]) -> Sample:
        """Some of the documents; words that were found are not looked for again."""
        part = Sample(tuple(self.documents[i] for i in chosen))
        if "word_spans" in self.__dict__:
            part.__dict__["word_spans"] = tuple(self.word_spans[i] for i in chosen)
        return part

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the documents in order, each preceded by its length."""
        digest = hashlib.sha256()
        for document in self.documents:
            digest.update(len(document).to_bytes(8, "little"))
            digest.update(document)
        return digest.hexdigest()


@dataclass(frozen=True)
class Encoded:
    """A sample in the ids of one tokenizer; ``ids[offsets[i]:offsets[i + 1]]`` is document i."""

    sample: Sample
    ids: Ids
    offsets: Counts
    piece_sizes: Counts  # bytes of each id; -1 for an id without bytes that is no role either
    tokenizer: str  # fingerprint
    unknown_ids: tuple[int, ...] = ()  # ids that stand for text that the tokenizer does not know
    ends: Counts | None = None  # where each token ends in its document, in bytes, where asked for
    restored: Counts | None = None  # 1 for a document that decoding gives back, where asked for

    @cached_property
    def tokens(self) -> Counts:
        """Tokens by document."""
        return np.diff(self.offsets)

    @cached_property
    def owners(self) -> Counts:
        """The document of each token."""
        return np.repeat(np.arange(len(self.tokens), dtype=np.int64), self.tokens)

    @cached_property
    def frequencies(self) -> Counts:
        """How often each id occurs, shape (vocabulary,)."""
        return np.bincount(self.ids, minlength=len(self.piece_sizes)).astype(np.int64)

    @cached_property
    def occurrences(self) -> tuple[Counts, Counts, Counts]:
        """How often each id occurs in each document, by id.

        Documents and counts, shape (pairs,), and where the pairs of each id that occurs begin.
        """
        documents = max(1, len(self.tokens))
        pairs, counts = np.unique(
            self.ids.astype(np.int64) * documents + self.owners, return_counts=True
        )
        ids = pairs // documents
        begins = np.flatnonzero(np.diff(ids, prepend=-1))
        return pairs % documents, counts.astype(np.int64), begins

    @cached_property
    def vocabulary_size(self) -> int:
        """Ids that stand for something: pieces and specials, used here or not, without holes."""
        return int((self.piece_sizes >= 0).sum())

    def part(self, chosen: Sequence[int]) -> Encoded:
        """The same encoding of some of the documents."""
        sample = self.sample.part(chosen)
        ranges = [slice(self.offsets[i], self.offsets[i + 1]) for i in chosen]
        parts = [self.ids[each] for each in ranges]
        ends = self.ends
        if ends is not None:
            ends = np.concatenate([np.zeros(0, np.int64), *(ends[each] for each in ranges)])
        return replace(
            self,
            sample=sample,
            ids=_join(parts),
            offsets=_ends(parts),
            ends=ends,
            restored=None if self.restored is None else self.restored[list(chosen)],
        )


def encode_sample(tokenizer: Measurable, sample: Sample) -> Encoded:
    """Encode each document by itself; specials in the text are text."""
    parts = [tokenizer.encode_to_numpy(document) for document in sample.documents]
    return _encoded(tokenizer, sample, parts, None)


def encode_spans(tokenizer: Tokenizer, sample: Sample) -> Encoded:
    """As `encode_sample`, with the ends of tokens too."""
    rows = [tokenizer.encode_with_spans(document) for document in sample.documents]
    ends = np.concatenate([spans[:, 1] for _, spans in rows])
    return _encoded(tokenizer, sample, [ids for ids, _ in rows], ends)


def _encoded(
    tokenizer: Measurable, sample: Sample, parts: Sequence[Ids], ends: Counts | None
) -> Encoded:
    roles: dict[int, str] = getattr(tokenizer.vocabulary, "roles", {})
    return Encoded(
        sample=sample,
        ids=_join(parts),
        offsets=_ends(parts),
        piece_sizes=piece_sizes(tokenizer.vocabulary),
        tokenizer=tokenizer.fingerprint(),
        unknown_ids=tuple(id_ for id_, role in roles.items() if role == "unknown"),
        ends=ends,
    )


def piece_sizes(vocabulary: HasPieces) -> Counts:
    """Bytes of each id: 0 for an id with a role and no bytes (a special), -1 for a hole."""
    roles = getattr(vocabulary, "roles", {})
    return np.array(
        [
            len(piece) if piece is not None else (0 if i in roles else -1)
            for i, piece in enumerate(vocabulary.pieces)
        ],
        dtype=np.int64,
    )


def _join(parts: Sequence[Ids]) -> Ids:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.uint32)


def _ends(parts: Sequence[Ids]) -> Counts:
    return np.concatenate(([0], np.cumsum([len(part) for part in parts]))).astype(np.int64)
