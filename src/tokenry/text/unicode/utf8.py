"""Text at the edge: str with lone surrogates, bytes that are not UTF-8."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator

_ESCAPED = re.compile("[\udc80-\udcff]+")

# An error handler of `bytes.decode`: U+FFFD for each ill-formed byte, as SentencePiece writes it,
# where "replace" writes one for the beginning of a character that is not finished.
REPLACE_EACH_BYTE = "tokenry.replace_each_byte"


def _replace_each_byte(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return "\ufffd" * (error.end - error.start), error.end


codecs.register_error(REPLACE_EACH_BYTE, _replace_each_byte)


def join_surrogates(text: str) -> str:
    """Join surrogate pairs to the characters they stand for; a lone one becomes U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def to_utf8(text: str | bytes) -> bytes:
    """Bytes of ``text``; bytes stay as they are, valid UTF-8 or not.

    Raises:
        TypeError: ``text`` is neither.
    """
    if isinstance(text, bytes):
        return text
    if not isinstance(text, str):
        raise TypeError(f"text must be str or bytes, not {type(text).__name__}")
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return join_surrogates(text).encode("utf-8")


def valid_stretches(data: bytes) -> Iterator[tuple[int, int, bool]]:
    """Cut bytes into ranges that are UTF-8 and ranges that are not: (start, end, valid)."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        yield from _mixed(data)
    else:
        yield 0, len(data), True


def _mixed(data: bytes) -> Iterator[tuple[int, int, bool]]:
    text = data.decode("utf-8", "surrogateescape")
    begin = place = 0
    for match in _ESCAPED.finditer(text):
        if match.start() > place:
            end = begin + len(text[place : match.start()].encode())
            yield begin, end, True
            begin = end
        end = begin + len(match[0])
        yield begin, end, False
        begin, place = end, match.end()
    if place < len(text):
        yield begin, len(data), True


def map_valid(data: bytes, change: Callable[[str], str]) -> bytes:
    """Apply ``change`` to what is valid UTF-8 and leave other bytes as they are."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return b"".join(
            change(data[begin:end].decode()).encode() if valid else data[begin:end]
            for begin, end, valid in _mixed(data)
        )
    return change(text).encode()
