"""Reading tokenizer files: bounded, and .gz as it is."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tokenry.errors import FormatError
from tokenry.formats.configuration import Beside

GZIP_MAGIC = b"\x1f\x8b"
# The largest tokenizer file in use is about 40 MB; a bomb of a few kB must not fill the memory.
MAX_BYTES = 2**30
# The longest line of a real vocabulary is under 1 kB.
MAX_LINE = 2**20


@dataclass(frozen=True)
class GivenFile:
    """A file, and what the caller says where it does not.

    Attributes:
        path: where it is.
        data: what it holds, gzip undone.
        pattern: how text is split: a known name or a regular expression; None: not said.
        special_tokens: specials and their ids; None: not said.
    """

    path: Path
    data: bytes
    pattern: str | None = None
    special_tokens: Mapping[str, int] | None = None

    @cached_property
    def beside(self) -> Beside:
        """What stands in the same folder, ``.gz`` too."""
        return Beside(self._read_beside)

    def _read_beside(self, name: str) -> bytes | None:
        found = find_file(self.path.parent, name)
        return None if found is None else read_bytes(found)


def find_file(folder: str | os.PathLike[str], name: str) -> Path | None:
    """A file of a folder, as it is or with ``.gz`` behind its name; None where there is neither."""
    folder = Path(folder)
    return next((path for path in (folder / name, folder / f"{name}.gz") if path.is_file()), None)


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """The content of a file, with gzip undone.

    Raises:
        FormatError: the file is empty, larger than a tokenizer can be, or damaged gzip.
    """
    path = Path(path)
    with path.open("rb") as file:
        # read(n) makes room for n bytes at once; only a pipe does not say how many it has.
        size = path.stat().st_size if path.is_file() else MAX_BYTES
        data = file.read(min(size, MAX_BYTES) + 1)
    if data.startswith(GZIP_MAGIC):
        data = _gunzip(data, path)
    if len(data) > MAX_BYTES:
        raise FormatError(f"{path} is larger than {MAX_BYTES} bytes, too large for a tokenizer")
    if not data or data.isspace():
        raise FormatError(f"{path} is empty; expected a tokenizer file")
    return data


def _gunzip(data: bytes, path: Path) -> bytes:
    parts: list[bytes] = []
    size = 0
    while data.startswith(GZIP_MAGIC) and size <= MAX_BYTES:
        member = zlib.decompressobj(wbits=31)
        try:
            parts.append(member.decompress(data, MAX_BYTES + 1 - size))
        except zlib.error as error:
            raise FormatError(f"{path} begins as gzip but is damaged: {error}") from None
        size += len(parts[-1])
        if not member.eof and size <= MAX_BYTES:
            raise FormatError(f"{path} begins as gzip but is cut short; copy it again")
        data = member.unused_data
    return b"".join(parts)


def numbered_lines(data: bytes, what: str) -> Iterator[tuple[int, bytes]]:
    """Lines that are not blank, with their numbers from 1.

    Raises:
        FormatError: a line is longer than any real one.
    """
    for number, line in enumerate(data.split(b"\n"), start=1):
        if len(line) > MAX_LINE:
            raise FormatError(
                f"{what}, line {number}: {len(line)} bytes long; no line of such a file is longer "
                f"than {MAX_LINE}"
            )
        line = line.removesuffix(b"\r")
        if line:
            yield number, line


def text_of(data: bytes, what: str) -> str:
    """A file as text, with line feeds only.

    Raises:
        FormatError: it is not UTF-8.
    """
    try:
        return data.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise FormatError(f"{what} is not UTF-8: {error}") from None
