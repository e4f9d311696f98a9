"""A corpus: documents that can be read any number of times, a little at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Union

from tokenry.corpus.documents import Document
from tokenry.corpus.files import Found, domain_of, find_files
from tokenry.corpus.holdout import held_out
from tokenry.corpus.options import ReadOptions
from tokenry.corpus.readers import read_texts
from tokenry.errors import ArgumentError, CorpusError
from tokenry.text.unicode.utf8 import to_utf8

Item = str | bytes | Document
CorpusLike = Union["Corpus", str, os.PathLike[str], Iterable[Item], Callable[[], Iterable[Item]]]


@dataclass(frozen=True, slots=True)
class Holdout:
    """Which side of a hold-out split is read."""

    fraction: float
    seed: int
    held: bool

    def __call__(self, data: bytes) -> bool:
        """Whether these bytes are on this side."""
        return held_out(data, fraction=self.fraction, seed=self.seed) == self.held


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents from files or from memory. Iterating reads them anew, in the same order.

    Make one with `from_paths` or `from_texts`. Only one document at a time is in memory (for
    compressed Parquet, one file). Documents without bytes are left out.
    """

    files: tuple[Found, ...] = ()
    texts: Callable[[], Iterable[Item]] | None = None
    options: ReadOptions = field(default_factory=ReadOptions)
    side: Holdout | None = None

    @classmethod
    def from_paths(
        cls,
        paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
        options: ReadOptions | None = None,
    ) -> Corpus:
        """Files, folders (recursive, sorted) and globs; a file named twice is read once.

        Read are ``.jsonl``/``.ndjson``, ``.parquet``, ``.arrow`` and ``.tar`` (WebDataset) as
        records, everything else as text, each also with ``.gz`` or ``.zst`` after it. Binary files
        found in folders are left out.

        Raises:
            CorpusError: a path that does not exist, or that holds nothing to read.
        """
        options = options or ReadOptions()
        given = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
        found: dict[Path, Found] = {}
        for each in given:
            for file in find_files(each, options):
                found.setdefault(file.path.resolve(), file)
        if not found:
            raise CorpusError("no paths were given; give files, folders or globs")
        return cls(files=tuple(found.values()), options=options)

    @classmethod
    def from_texts(cls, texts: Iterable[Item] | Callable[[], Iterable[Item]]) -> Corpus:
        """Strings, bytes or `Document` objects.

        Give a list, or a function that starts a new iteration; an iterator is drained into
        memory, because learning may need to read its data more than once.

        Raises:
            CorpusError: a single text.
        """
        if isinstance(texts, str | bytes):
            raise CorpusError(
                f"a corpus of one text where many belong: {texts[:40]!r}; put it into a list, or "
                "name files with Corpus.from_paths"
            )
        if callable(texts):
            return cls(texts=texts)
        kept = list(texts) if isinstance(texts, Iterator) else texts
        return cls(texts=lambda: kept)

    def __iter__(self) -> Iterator[Document]:
        for document in self._documents():
            if document.data and (self.side is None or self.side(document.data)):
                yield document

    def _documents(self) -> Iterator[Document]:
        for found in self.files:
            domain = domain_of(found, len(self.files), self.options)
            yield from _read(found, domain, self.options)
        if self.texts is not None:
            yield from map(_document, self.texts())

    def split(self, fraction: float = 0.05, *, seed: int = 0) -> tuple[Corpus, Corpus]:
        """The training and the held-out part; see `held_out`. No document is in both."""
        held_out(b"", fraction=fraction, seed=seed)
        return (
            replace(self, side=Holdout(fraction, seed, held=False)),
            replace(self, side=Holdout(fraction, seed, held=True)),
        )

    def domains(self) -> tuple[str, ...]:
        """The domains of the files, sorted; known without reading them."""
        return tuple(sorted({domain_of(f, len(self.files), self.options) for f in self.files}))


def _read(found: Found, domain: str, options: ReadOptions) -> Iterator[Document]:
    previous: bytes | None = None
    number = 0
    for text in read_texts(found.path, options):
        if previous is not None:
            number += 1
            yield Document(previous, f"{found.path}:{number}", domain)
        previous = text
    if previous is not None:
        place = f"{found.path}:{number + 1}" if number else str(found.path)
        yield Document(previous, place, domain)


def _document(item: object) -> Document:
    if isinstance(item, Document):
        return item
    if isinstance(item, str):
        return Document(to_utf8(item))
    if isinstance(item, bytes | bytearray | memoryview):
        return Document(bytes(item))
    raise CorpusError(
        f"a document is {type(item).__name__}; expected str, bytes or tokenry.corpus.Document"
    )


def _is_many(data: object) -> bool:
    return isinstance(data, Iterable | os.PathLike)


def as_corpus(data: CorpusLike, name: str = "corpus") -> Corpus:
    """A corpus from what the caller gave: a corpus, a path, an iterable of texts, or a function.

    Args:
        data: what was given.
        name: of the argument.

    Raises:
        ArgumentError: it is none of these, or an empty path.
        CorpusError: a path that does not exist.
    """
    if isinstance(data, Corpus):
        return data
    if data == "" or isinstance(data, Mapping) or not (callable(data) or _is_many(data)):
        raise ArgumentError(
            f"{name} {data!r:.80}; expected a path, a list of texts, a tokenry.Corpus or a "
            "function that gives texts"
        )
    if isinstance(data, str | os.PathLike):
        return Corpus.from_paths(data)
    return Corpus.from_texts(data)
