"""Documents of the data that a person names, with large files cut into passages."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tokenry.corpus import Corpus, Document, ReadOptions
from tokenry.corpus.bundled import standard_library
from tokenry.corpus.compression import is_compressed
from tokenry.corpus.files import Found, domain_of
from tokenry.corpus.options import FEW_FILES
from tokenry.corpus.readers import read_texts

# A file above this is a collection (a book, a dump), not one document. Holding it out or learning
# from it whole would leave nothing on the other side, so it is cut into passages; passages of one
# file may then stand on both sides, as different text. A compressed file counts as a collection,
# as its size is not known.
COLLECTION_BYTES = 256 * 1024
PASSAGE_BYTES = 8 * 1024


def reader(
    data: Sequence[str], field: str = "text", *, without: str | os.PathLike[str] | None = None
) -> Callable[[], Iterable[Document]]:
    """A function that reads all documents again each time; no data means the standard library.

    Files in the folder ``without``, where results are written, are left out.

    Raises:
        CorpusError: a path that does not exist or holds no text.
    """
    if not data:
        documents = list(standard_library())
        return lambda: documents
    corpus = Corpus.from_paths(list(data), ReadOptions(field=field, column=field))
    if without is not None:
        own = Path(without).resolve()
        kept = tuple(each for each in corpus.files if own not in each.path.resolve().parents)
        corpus = replace(corpus, files=kept)
    roots = {Path(each).resolve() for each in data}
    return lambda: _read(corpus, roots)


def _read(corpus: Corpus, roots: set[Path]) -> Iterator[Document]:
    for found in corpus.files:
        domain = _domain(found, corpus, roots)
        for number, text in enumerate(_texts(found, corpus.options), 1):
            yield Document(text, f"{found.path}:{number}", domain)


def _domain(found: Found, corpus: Corpus, roots: set[Path]) -> str:
    """As `tokenry.corpus` says; with several folders and many files, the folder that was given."""
    folder = found.path.resolve().parent
    if len(roots) > 1 and len(corpus.files) > FEW_FILES and not found.folder and folder in roots:
        return folder.name
    return domain_of(found, len(corpus.files), corpus.options)


def _texts(found: Found, options: ReadOptions) -> Iterator[bytes]:
    large = is_compressed(found.path) or found.path.stat().st_size > COLLECTION_BYTES
    if large:  # blocks, so that a file of any size takes little memory
        options = replace(options, unit="block")
    for text in read_texts(found.path, options):
        yield from passages(text) if large or len(text) > COLLECTION_BYTES else (text,)


def passages(text: bytes) -> Iterator[bytes]:
    """Cut after blank lines or line ends into passages of 4 to 8 kB; joined they are the text."""
    start = 0
    while start < len(text):
        end = _end(text, start)
        yield text[start:end]
        start = end


def _end(text: bytes, start: int) -> int:
    """Where the passage that begins at ``start`` ends: after a blank line, a line, or a letter."""
    limit = start + PASSAGE_BYTES
    if limit >= len(text):
        return len(text)
    earliest = start + PASSAGE_BYTES // 2
    for mark in (b"\n\n", b"\n", b" "):
        found = text.rfind(mark, earliest, limit)
        if found >= 0:
            return found + len(mark)
    while limit > earliest and text[limit] & 0xC0 == 0x80:
        limit -= 1
    return limit
