"""The metadata at the head of a GGUF file (the format of llama.cpp), versions 1 to 3."""

from __future__ import annotations

import struct
from typing import Any, Final

from tokenry.errors import FormatError, UnsupportedError

MAGIC: Final = b"GGUF"
MOST_VALUES: Final = 2**16
LONGEST_LIST: Final = 2**26
_NUMBERS: Final = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q",
                   12: "d"}  # fmt: skip
_TEXT, _LIST = 8, 9


def read_metadata(data: bytes) -> dict[str, Any]:
    """The named values of a file; tensors behind them are not looked at.

    Raises:
        FormatError: the file is cut short, or a value has an impossible kind or size.
        UnsupportedError: another version, or numbers with the high byte first.
    """
    reader = _Reader(data)
    if reader.take(4) != MAGIC:
        raise FormatError(f"GGUF: the file begins with {data[:4]!r}, not with {MAGIC!r}")
    version = reader.number("I")
    if version not in (1, 2, 3):
        raise UnsupportedError(f"GGUF: version {version} is not known; known are 1 to 3")
    reader.size = "I" if version == 1 else "Q"
    reader.number(reader.size)  # tensors
    count = reader.number(reader.size)
    if count > MOST_VALUES:
        raise FormatError(f"GGUF: {count} values are more than a file has")
    return dict(reader.pair() for _ in range(count))


class _Reader:
    """What is left of the file."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0
        self.size = "Q"

    def take(self, size: int) -> bytes:
        """The next bytes."""
        if size > len(self._data) - self._place:
            raise FormatError(
                f"GGUF: the file is cut short: {size} bytes are missing at {self._place}"
            )
        self._place += size
        return self._data[self._place - size : self._place]

    def number(self, kind: str) -> Any:
        """The next number, of a kind of `struct`."""
        return struct.unpack(f"<{kind}", self.take(struct.calcsize(f"<{kind}")))[0]

    def text(self) -> str:
        """The next text."""
        raw = self.take(self.number(self.size))
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise FormatError(f"GGUF: a text is not UTF-8 ({error})") from None

    def pair(self) -> tuple[str, Any]:
        """The next name and its value."""
        return self.text(), self.value(self.number("I"))

    def value(self, kind: int, depth: int = 0) -> Any:
        """The next value."""
        if kind in _NUMBERS:
            return self.number(_NUMBERS[kind])
        if kind == _TEXT:
            return self.text()
        if kind != _LIST or depth > 4:
            raise FormatError(f"GGUF: a value is of the kind {kind}, which there is not")
        inner, count = self.number("I"), self.number(self.size)
        if count > LONGEST_LIST:
            raise FormatError(f"GGUF: a list of {count} values is longer than any")
        if inner in _NUMBERS:
            size = struct.calcsize(f"<{_NUMBERS[inner]}")
            return list(struct.unpack(f"<{count}{_NUMBERS[inner]}", self.take(size * count)))
        texts = self._texts(count) if inner == _TEXT else None
        return [self.value(inner, depth + 1) for _ in range(count)] if texts is None else texts

    def _texts(self, count: int) -> list[str] | None:
        """So many texts, in half the time; None where one by one says what is wrong."""
        size_at = struct.Struct(f"<{self.size}")
        data, place, found = self._data, self._place, []
        try:
            for _ in range(count):
                end = place + size_at.size + size_at.unpack_from(data, place)[0]
                found.append(str(data[place + size_at.size : end], "utf-8"))
                place = end
        except (struct.error, OverflowError, UnicodeDecodeError):
            return None
        if place > len(data):
            return None
        self._place = place
        return found
