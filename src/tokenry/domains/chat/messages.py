"""Files of conversations taken apart: roles and contents, and the JSON around them.

A file is taken apart by its own first message, so any spacing, any order of keys and the usual
names (role and content, from and value) will do. A content is what JSON says, not how it says it:
escapes are undone, and said aside where JSON would not write them so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Final

from tokenry.errors import DomainError

_VALUE: Final = rb'([^"\\\x00-\x1f]*(?:\\.[^"\\\x00-\x1f]*)*)'
STRING: Final = b'"' + _VALUE + b'"'
_MESSAGE: Final = re.compile(
    rb'\{\s*"(role|from|content|value)"\s*:\s*' + STRING
    + rb'\s*,\s*"(role|from|content|value)"\s*:\s*' + STRING + rb"\s*\}"
)  # fmt: skip
_ROLES: Final = (b"role", b"from")
_ESCAPED: Final = re.compile(rb'["\\\x00-\x1f]')
USUAL: Final = (b'{"role": "', b'", "content": "', b'"}')
USUAL_START: Final = b'{"messages": ['
USUAL_LATER: Final = b"]}\n" + USUAL_START
USUAL_BETWEEN: Final = b", "
USUAL_END: Final = b"]}\n"


@dataclass(frozen=True)
class Writing:
    """How a file writes messages.

    Attributes:
        texts: before, between and behind the two values of a message.
        content_first: whether the content is the first of them.
        ascii_only: whether letters beyond ASCII are escaped.
    """

    texts: tuple[bytes, bytes, bytes] = USUAL
    content_first: bool = False
    ascii_only: bool = False

    def pattern(self) -> re.Pattern[bytes]:
        """What finds messages, with a group a value."""
        first, second, third = map(re.escape, self.texts)
        value = _VALUE
        return re.compile(first + value + second + value + third)

    def escaped(self, text: bytes) -> bytes:
        """A text as this file writes it between quotation marks."""
        if not _ESCAPED.search(text) and not (self.ascii_only and not text.isascii()):
            return text
        write = encode_basestring_ascii if self.ascii_only else encode_basestring
        dumped: str = write(text.decode("utf-8", "surrogateescape"))
        return dumped[1:-1].encode("utf-8", "surrogateescape")


@dataclass(frozen=True)
class Conversations:
    """Messages of all conversations in a row.

    Attributes:
        writing: how they are written.
        roles, contents: of the messages, as texts; n of each.
        starts: numbers of the first message of each conversation, ascending.
        gaps: the JSON before, between and behind the messages; n + 1 of them.
        odd: how a value is written that this file would write otherwise, by its number: roles are
            even, contents odd.
    """

    writing: Writing
    roles: Sequence[bytes]
    contents: Sequence[bytes]
    starts: Sequence[int]
    gaps: Sequence[bytes]
    odd: dict[int, bytes]

    def _raw(self) -> tuple[list[bytes], list[bytes]]:
        """Roles and contents as the file writes them."""
        escaped = self.writing.escaped
        of_roles = {role: escaped(role) for role in set(self.roles)}
        roles = [of_roles[role] for role in self.roles]
        contents = [escaped(content) for content in self.contents]
        for number, text in self.odd.items():
            (contents if number % 2 else roles)[number // 2] = text
        return roles, contents

    def content_spans(self) -> list[tuple[int, int]]:
        """Begin and end of each content in the file, between its quotation marks."""
        roles, contents = self._raw()
        first, second, third = map(len, self.writing.texts)
        spans, at = [], 0
        for gap, role, content in zip(self.gaps, roles, contents, strict=False):
            begin = at + len(gap) + first
            if not self.writing.content_first:
                begin += len(role) + second
            spans.append((begin, begin + len(content)))
            at += len(gap) + first + len(role) + second + len(content) + third
        return spans

    def written(self) -> bytes:
        """The file."""
        roles, contents = self._raw()
        if self.writing.content_first:
            roles, contents = contents, roles
        count = len(roles)
        parts = [b""] * (6 * count)
        parts[0::6] = self.gaps[:count]
        for at, text in zip((1, 3, 5), self.writing.texts, strict=True):
            parts[at::6] = [text] * count
        parts[2::6], parts[4::6] = roles, contents
        return b"".join([*parts, self.gaps[count]])


def conversations(data: bytes) -> Conversations:
    """The conversations of a file.

    Raises:
        DomainError: there is no message, or what stands around messages is of another kind.
    """
    writing = _writing(data)
    parts = writing.pattern().split(data)
    gaps, first, second = parts[::3], parts[1::3], parts[2::3]
    raw_roles, raw_contents = (second, first) if writing.content_first else (first, second)
    odd: dict[int, bytes] = {}
    roles = _values(raw_roles, writing, odd, 0)
    contents = _values(raw_contents, writing, odd, 1)
    starts = [at for at, gap in enumerate(gaps[:-1]) if not at or b"[" in gap or b"\n" in gap]
    return Conversations(writing, roles, contents, starts, gaps, odd)


def _writing(data: bytes) -> Writing:
    found = _MESSAGE.search(data)
    if found is None or (found[1] in _ROLES) == (found[3] in _ROLES):
        raise DomainError(
            f"no message in {len(data)} bytes; expected JSON with objects such as "
            '{"role": "user", "content": "Hello"}'
        )
    begin, ends = found.start(), (found.span(2), found.span(4), (found.end(), found.end()))
    texts, at = [], begin
    for span in ends:
        texts.append(data[at : span[0]])
        at = span[1]
    return Writing((texts[0], texts[1], texts[2]), found[1] not in _ROLES, data.isascii())


def _values(raw: list[bytes], writing: Writing, odd: dict[int, bytes], first: int) -> list[bytes]:
    """What JSON says; what is written otherwise than it would be goes to ``odd``."""
    found = list(raw)
    for number, text in enumerate(raw):
        if b"\\" in text:  # else it stands for itself, for a string has no quotes and no controls
            found[number] = _said(text)
            if writing.escaped(found[number]) != text:
                odd[2 * number + first] = text
    return found


def _said(text: bytes) -> bytes:
    try:
        # What json.loads does with a string.
        said: str = scanstring(text.decode() + '"', 0)[0]
        return said.encode()
    except ValueError:
        return text  # no JSON, or half of a pair: it stands there as it is written
