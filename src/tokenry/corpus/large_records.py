"""JSON lines of many megabytes, parsed without a str of the whole.

A str has up to four bytes a character, and a parser makes two of them: a line of 100 MB with one
emoji in it would take 900 MB. Here the large strings of a line are cut out first, what is left is
parsed as ever, and the string that is wanted is unescaped a megabyte at a time.
"""

from __future__ import annotations

import io
import json
import re
from typing import Any, Final

from tokenry.text.unicode.utf8 import to_utf8

LARGE_LINE: Final = 4 << 20
_LARGE_STRING: Final = 1 << 20
_PIECE: Final = 1 << 20
# Quotes stand in JSON around strings only, so that one match after another finds them all. The
# possessive quantifiers keep no places to go back to.
_STRING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_MARK: Final = "\0large string %d"


def large_field(line: bytes, field: str) -> Any:
    """What ``json.loads(line)[field]`` is; a large string as UTF-8.

    Raises:
        ValueError: the line is not JSON.
        LookupError: it has no such field; or TypeError, if it is no object.
    """
    places = [
        match.span()
        for match in _STRING.finditer(line)
        if match.end() - match.start() > _LARGE_STRING
    ]
    value = json.loads(_without(line, places))[field]
    for number, (begin, end) in enumerate(places):
        if value == _MARK % number:
            return unescaped(memoryview(line)[begin + 1 : end - 1])
    return value


def _without(line: bytes, places: list[tuple[int, int]]) -> bytes:
    """The line with a mark in place of each large string."""
    parts, before = [], 0
    for number, (begin, end) in enumerate(places):
        parts += [line[before:begin], json.dumps(_MARK % number).encode()]
        before = end
    return b"".join([*parts, line[before:]])


def unescaped(string: memoryview) -> bytes:
    """A JSON string without its quotes, as UTF-8.

    Raises:
        ValueError: it is not one.
    """
    found, held, begin = io.BytesIO(), "", 0
    while begin < len(string):
        end = min(begin + _PIECE, len(string))
        if end < len(string):
            end = _before_escape(string, end)
        text = held + json.loads(b'"%b"' % bytes(string[begin:end]))
        # The first half of a pair waits for the second.
        held = text[-1] if "\ud800" <= text[-1:] <= "\udbff" and end < len(string) else ""
        found.write(to_utf8(text[:-1] if held else text))
        begin = end
    return found.getvalue()


def _before_escape(string: memoryview, end: int) -> int:
    """``end``, or a little before it where that is within a character or an escape."""
    while string[end] & 0xC0 == 0x80:
        end -= 1
    for begin in range(end - 5, end):
        if string[begin] == 0x5C and not _backslashes_before(string, begin) % 2:
            size = 6 if string[begin + 1] == 0x75 else 2
            if begin + size > end:
                return begin
    return end


def _backslashes_before(string: memoryview, place: int) -> int:
    count = 0
    while place - count > 0 and string[place - count - 1] == 0x5C:
        count += 1
    return count
