"""Where the sections of ELF and PE files are: read from their headers, nothing else.

ELF: Tool Interface Standard 1.2 (1995) and its 64-bit form; PE: Microsoft, "PE Format".
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

CODE, DATA, TEXT, OTHER = "code", "data", "text", "other"
_ELF_NO_BITS: Final = 8  # a section that takes no room in the file
_ELF_STRINGS: Final = 3
_EXECUTABLE: Final = 4  # a flag of ELF sections
_PE_CODE, _PE_DATA = 0x20, 0x40
_TEXTS: Final = (b".rodata", b".rdata", b".rsrc", b".dynstr", b".strtab", b".shstrtab", b".comment")


@dataclass(frozen=True, slots=True, order=True)
class Section:
    """A stretch of a file.

    Attributes:
        begin, end: its bytes.
        kind: ``code``, ``data``, ``text`` (constants, strings) or ``other``.
    """

    begin: int
    end: int
    kind: str


def sections_of(data: bytes) -> list[Section]:
    """Sections of an executable that do not overlap, ascending; none where it is no ELF or PE.

    A header that points outside the file is not followed.
    """
    try:
        if data[:4] == b"\x7fELF":
            found = _elf(data)
        elif data[:2] == b"MZ":
            found = _pe(data)
        else:
            return []
    except struct.error:  # the headers are cut off
        return []
    return _apart(sorted(each for each in found if each.begin < each.end <= len(data)))


def _apart(sections: list[Section]) -> list[Section]:
    """Those that begin behind the one before; of two that overlap the first."""
    found: list[Section] = []
    for each in sections:
        if not found or each.begin >= found[-1].end:
            found.append(each)
    return found


def _elf(data: bytes) -> list[Section]:
    wide, order = data[4:5] == b"\x02", ">" if data[5:6] == b"\x02" else "<"
    table, size, count, names = (
        (*struct.unpack_from(order + "Q", data, 40), *struct.unpack_from(order + "3H", data, 58))
        if wide
        else (
            *struct.unpack_from(order + "I", data, 32),
            *struct.unpack_from(order + "3H", data, 46),
        )
    )
    form = order + ("IIQQQQ" if wide else "IIIIII")
    rows = [struct.unpack_from(form, data, table + size * i) for i in range(count)]
    strings = rows[names][4] if names < len(rows) else len(data)
    return [
        Section(offset, offset + length, _elf_kind(kind, flags, _name(data, strings + name)))
        for name, kind, flags, _, offset, length in rows
        if kind not in (0, _ELF_NO_BITS)
    ]


def _name(data: bytes, at: int) -> bytes:
    return data[at : at + 32].partition(b"\0")[0]


def _elf_kind(kind: int, flags: int, name: bytes) -> str:
    if flags & _EXECUTABLE:
        return CODE
    if kind == _ELF_STRINGS or name.startswith(_TEXTS):
        return TEXT
    return DATA if name.startswith((b".data", b".init_array", b".got")) else OTHER


def _pe(data: bytes) -> list[Section]:
    (header,) = struct.unpack_from("<I", data, 60)
    if data[header : header + 4] != b"PE\0\0":
        return []
    _, count, _, _, _, optional, _ = struct.unpack_from("<HHIIIHH", data, header + 4)
    first = header + 24 + optional
    found = []
    for i in range(count):
        name, _, _, length, offset = struct.unpack_from("<8s4I", data, first + 40 * i)
        (flags,) = struct.unpack_from("<I", data, first + 40 * i + 36)
        text = name.startswith(_TEXTS)
        kind = CODE if flags & _PE_CODE else TEXT if text else DATA if flags & _PE_DATA else OTHER
        found.append(Section(offset, offset + length, kind))
    return found
