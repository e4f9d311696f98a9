"""Heads of Parquet's pages: a struct of Thrift's compact protocol before each.

Format: apache/parquet-format, ``parquet.thrift``; apache/thrift, "Thrift Compact protocol".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, Any, Final

DATA, DICTIONARY, DATA_2 = 0, 2, 3  # kinds of pages
_FIRST: Final = 1 << 12  # bytes that are read for a head; twice as many where it is longer
_END, _TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 0, 1, 2, 3, 7, 8, 9, 10, 12
_NUMBERS: Final = (4, 5, 6)


class DamagedPageError(ValueError):
    """A page of Parquet that is not what its format says."""


@dataclass(frozen=True, slots=True)
class PageHeader:
    """What a page is.

    Attributes:
        kind: one of the constants above, or another number: an index.
        begin, end: of its body in the file.
        size: of the body when unpacked.
        values: how many, nulls among them.
        encoding: of the values, as ``parquet.thrift`` numbers them.
        levels: bytes of levels before the values, of ``DATA_2``, which never are packed.
        nulls: how many of the values; None where the page does not say.
        packed: whether the values are, where the column is.
    """

    kind: int
    begin: int
    end: int
    size: int
    values: int
    encoding: int
    levels: int
    nulls: int | None
    packed: bool


def read_header(file: IO[bytes], place: int) -> PageHeader:
    """The head at a place in a file.

    Raises:
        DamagedPageError: there is none.
    """
    size = _FIRST
    while True:
        file.seek(place)
        data = file.read(size)
        try:
            fields, length = read_struct(data)
            return _header(fields, place + length)
        except IndexError:
            if len(data) < size:
                raise DamagedPageError(f"no page of Parquet at byte {place}") from None
        except (KeyError, TypeError, AttributeError):  # other fields than a page has
            raise DamagedPageError(f"no page of Parquet at byte {place}") from None
        size *= 2


def _header(fields: dict[int, Any], begin: int) -> PageHeader:
    kind, size, packed = fields[1], fields[2], fields[3]
    own = fields[{DATA: 5, DICTIONARY: 7, DATA_2: 8}[kind]] if kind in (0, 2, 3) else {}
    second = kind == DATA_2
    levels = own[5] + own[6] if second else 0
    if not 0 <= levels <= packed or size < 0:
        raise TypeError("a page of impossible sizes")
    return PageHeader(
        kind, begin, begin + packed, size, own.get(1, 0), own.get(4 if second else 2, 0),
        levels, own[2] if second else None, own.get(7, True),
    )  # fmt: skip


def read_struct(data: bytes) -> tuple[dict[int, Any], int]:
    """Fields of a struct by number, and how many bytes it takes.

    Raises:
        IndexError: the data end within it.
    """
    reader = _CompactReader(data)
    return reader.struct(), reader.at


class _CompactReader:
    def __init__(self, data: bytes) -> None:
        self._data, self.at = data, 0

    def struct(self) -> dict[int, Any]:
        found: dict[int, Any] = {}
        number = 0
        while (head := self._byte()) & 15 != _END:
            number = number + (head >> 4) if head >> 4 else self._signed()
            found[number] = self._value(head & 15)
        return found

    def _value(self, kind: int) -> Any:
        if kind in (_TRUE, _FALSE):
            return kind == _TRUE
        if kind in _NUMBERS:
            return self._signed()
        if kind == _STRUCT:
            return self.struct()
        if kind in (_LIST, _SET):
            return self._list()
        return self._bytes({_BYTE: 1, _DOUBLE: 8}[kind] if kind != _BINARY else self._varint())

    def _list(self) -> list[Any]:
        head = self._byte()
        count = head >> 4 if head >> 4 < 15 else self._varint()
        kind = head & 15
        if kind in (_TRUE, _FALSE):  # in a list they are bytes
            return [self._byte() == _TRUE for _ in range(count)]
        return [self._value(kind) for _ in range(count)]

    def _byte(self) -> int:
        self.at += 1
        return self._data[self.at - 1]

    def _bytes(self, size: int) -> bytes:
        self.at += size
        if self.at > len(self._data):
            raise IndexError
        return self._data[self.at - size : self.at]

    def _varint(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def _signed(self) -> int:
        value = self._varint()
        return value >> 1 ^ -(value & 1)
