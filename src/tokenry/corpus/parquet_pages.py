"""Texts of Parquet's large pages, unpacked a megabyte at a time.

Arrow unpacks a page as a whole, and its writers put a thousand documents into one: four of 100 MB
take it 1,100 MB. Here no more than a document is held. A dictionary of such documents lies in a
temporary file meanwhile. What is not read here, Arrow reads: `LargePages.of` is None then.

Format: apache/parquet-format, ``README.md``, ``Encodings.md``, ``Compression.md``.
"""

from __future__ import annotations

import io
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import IO, Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.corpus.parquet_headers import (
    DATA,
    DATA_2,
    DICTIONARY,
    DamagedPageError,
    PageHeader,
    read_header,
)
from tokenry.extras import importing

LARGE_PAGE: Final = 64 << 20  # bytes of a page that Arrow is not asked to unpack
_PIECE: Final = 1 << 20
_REACH: Final = 4 << 20  # bytes before that Snappy may copy from; its writers keep within 64 KiB
_PLAIN, _PLAIN_DICTIONARY, _RLE_DICTIONARY = 0, 2, 8
Pieces = Iterator[bytes]


class PackedPage:
    """A part of a file that others read at other places in between."""

    def __init__(self, file: IO[bytes], begin: int, end: int) -> None:
        self._file, self._at, self._end = file, begin, end

    def read(self, size: int) -> bytes:
        """At most so many bytes, none at the end."""
        self._file.seek(self._at)
        found = self._file.read(min(size, self._end - self._at))
        self._at += len(found)
        return found


def _as_it_is(page: PackedPage) -> Pieces:
    return iter(partial(page.read, _PIECE), b"")


def _gzip(page: PackedPage) -> Pieces:
    unpacker = zlib.decompressobj(47)
    try:
        for data in _as_it_is(page):
            while data:
                yield unpacker.decompress(data, _PIECE)
                data = unpacker.unconsumed_tail
        yield unpacker.flush()
    except zlib.error as error:
        raise DamagedPageError(str(error)) from error


def _zstd(page: PackedPage) -> Pieces:
    with importing("study", "reading large pages of Parquet"):
        import zstandard
    try:
        yield from zstandard.ZstdDecompressor().read_to_iter(
            cast(IO[bytes], page), write_size=_PIECE
        )
    except zstandard.ZstdError as error:
        raise DamagedPageError(str(error)) from error


def _snappy(page: PackedPage) -> Pieces:
    packed, before = page.read(_PIECE >> 2), b""
    packed = packed[_varint(packed, 0)[1] :]  # the length of all
    while packed:
        try:
            found, taken = _native.unpack_snappy(packed, before)
        except ValueError as error:
            raise DamagedPageError(str(error)) from error
        more = page.read(_PIECE >> 2)
        if not (taken or more):
            raise DamagedPageError("Snappy data end within an element")
        packed = packed[taken:] + more
        before = (before + found)[-_REACH:]
        yield found


UNPACKERS: Final[dict[str, Callable[[PackedPage], Pieces]]] = {
    "UNCOMPRESSED": _as_it_is,
    "GZIP": _gzip,
    "ZSTD": _zstd,
    "SNAPPY": _snappy,
}
"""By the name that Arrow has for how a column is packed."""


class PieceReader:
    """As many bytes of pieces as are asked for."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces, self._piece, self._at = pieces, b"", 0

    def read(self, size: int) -> bytes:
        """So many bytes.

        Raises:
            DamagedPageError: there are fewer.
        """
        found = io.BytesIO()
        while size > 0:
            if self._at == len(self._piece):
                self._piece, self._at = self._next(), 0
            part = memoryview(self._piece)[self._at : self._at + size]
            found.write(part)
            self._at += len(part)
            size -= len(part)
        return found.getvalue()

    def number(self) -> int:
        """Four bytes as a number."""
        return int.from_bytes(self.read(4), "little")

    def rest(self) -> bytes:
        """All that is left."""
        return self._piece[self._at :] + b"".join(self._pieces)

    def _next(self) -> bytes:
        for piece in self._pieces:
            if piece:
                return piece
        raise DamagedPageError("a page ends early")


@dataclass(frozen=True, eq=False)
class LargePages:
    """A column of texts in a row group.

    Attributes:
        file: open.
        pages: heads of its pages, in order.
        unpack: of `UNPACKERS`.
        optional: whether there may be nulls.
    """

    file: IO[bytes]
    pages: list[PageHeader]
    unpack: Callable[[PackedPage], Pieces]
    optional: bool

    @classmethod
    def of(cls, file: IO[bytes], metadata: Any, group: int, name: str) -> LargePages | None:
        """The column, if a page of it is large, and it is such as can be read here.

        Args:
            file: of Parquet.
            metadata: that of Arrow.
            group: number of the row group.
            name: of the column.
        """
        facts, numbers = metadata.row_group(group), range(metadata.num_columns)
        number = next((n for n in numbers if metadata.schema.column(n).path == name), None)
        if number is None or facts.column(number).total_uncompressed_size < LARGE_PAGE:
            return None
        kind, column = metadata.schema.column(number), facts.column(number)
        flat = kind.max_repetition_level == 0 and kind.max_definition_level <= 1
        if not flat or kind.physical_type != "BYTE_ARRAY" or column.compression not in UNPACKERS:
            return None
        pages = list(_pages(file, column))
        largest = max((page.size for page in pages), default=0)
        if largest < LARGE_PAGE or not all(map(_is_known, pages)):
            return None
        return cls(file, pages, UNPACKERS[column.compression], kind.max_definition_level > 0)

    def __iter__(self) -> Iterator[bytes]:
        """The texts, nulls left out.

        Raises:
            DamagedPageError: a page is damaged.
        """
        with tempfile.TemporaryFile() as words:
            ends: list[int] = [0]
            for page in self.pages:
                reader = PieceReader(self._pieces(page))
                if page.kind == DICTIONARY:
                    for _ in range(page.values):
                        ends.append(ends[-1] + words.write(reader.read(reader.number())))
                    continue
                count = self._texts_in(page, reader)
                if page.encoding == _PLAIN:
                    yield from (reader.read(reader.number()) for _ in range(count))
                    continue
                for number in _numbers(reader, count, len(ends) - 1):
                    words.seek(ends[number])
                    yield words.read(ends[number + 1] - ends[number])

    def _pieces(self, page: PageHeader) -> Pieces:
        body = PackedPage(self.file, page.begin + page.levels, page.end)
        return self.unpack(body) if page.packed else _as_it_is(body)

    def _texts_in(self, page: PageHeader, reader: PieceReader) -> int:
        """How many of its values are no nulls; the reader is behind the levels then."""
        if page.nulls is not None:
            return page.values - page.nulls
        if not self.optional:
            return page.values
        levels = reader.read(reader.number())
        return int(hybrid(levels, 1, page.values).sum())


def _pages(file: IO[bytes], column: Any) -> Iterator[PageHeader]:
    at = column.data_page_offset
    if column.has_dictionary_page and column.dictionary_page_offset:
        at = min(at, column.dictionary_page_offset)
    end = at + column.total_compressed_size
    while at < end:
        page = read_header(file, at)
        yield page
        at = page.end


def _is_known(page: PageHeader) -> bool:
    if page.kind == DICTIONARY:
        return page.encoding in (_PLAIN, _PLAIN_DICTIONARY)
    known = (_PLAIN, _PLAIN_DICTIONARY, _RLE_DICTIONARY)
    return page.kind in (DATA, DATA_2) and page.encoding in known


def _numbers(reader: PieceReader, count: int, words: int) -> list[int]:
    """Numbers of a dictionary's words, of which there are so many."""
    if count <= 0:
        return []
    width = reader.read(1)[0]
    found: list[int] = hybrid(reader.rest(), width, count).tolist()
    if not 0 <= min(found) <= max(found) < words:
        raise DamagedPageError(f"word {max(found)} of a dictionary of {words}")
    return found


def hybrid(data: bytes, width: int, count: int) -> NDArray[np.int64]:
    """Numbers of ``width`` bits, in runs of equal ones and runs that are packed.

    Raises:
        DamagedPageError: there are fewer.
    """
    found, at, have = [np.zeros(0, np.int64)], 0, 0
    wide = (width + 7) // 8
    while have < count:
        head, at = _varint(data, at)
        if head & 1:
            size = (head >> 1) * width
            if at + size > len(data):
                raise DamagedPageError("a page of Parquet ends within its numbers")
            bits = np.unpackbits(np.frombuffer(data, np.uint8, size, at), bitorder="little")
            run = bits.reshape((head >> 1) * 8, width) @ (1 << np.arange(width))
        else:
            size = wide
            run = np.full(min(head >> 1, count), int.from_bytes(data[at : at + wide], "little"))
        at += size
        have += len(run)
        found.append(run.astype(np.int64))
    return np.concatenate(found)[:count]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data):
            raise DamagedPageError("a page of Parquet ends within its numbers")
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 0x80:
            return value, at
