"""The normalisation rules that SentencePiece has by name, and those of a file, compiled.

Each rule replaces a string; the longest that begins at a place is taken. Those with a name are made
from the Unicode data of the running Python, where sentencepiece has those of the version that it
was built with; that takes two seconds, once a process.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import product
from os import PathLike
from pathlib import Path

from tokenry.errors import FormatError, UnsupportedError
from tokenry.text.normalizers.charsmap_compiling import compiled

NAMES = ("identity", "nfkc", "nfkc_cf", "nmt_nfkc", "nmt_nfkc_cf")
SPACES = "\t\n\f\r\u1680\u200b\u200c\u200e\u200f\u2028\u2029\u2581\ufeff\ufffd"
REMOVED = [*range(0x01, 0x09), 0x0B, *range(0x0E, 0x20), 0x7F, 0x8F, 0x9F]
FULL_WIDTH_TILDE = "\uff5e"  # not what the half-width one is, in Japanese


@cache
def named(name: str) -> bytes:
    """The rules of a name, compiled; none for ``identity``.

    Raises:
        UnsupportedError: there is no such name.
    """
    if name not in NAMES:
        raise UnsupportedError(f"there are no rules {name!r}; there are {', '.join(NAMES)}")
    table = {} if name == "identity" else compatibility()
    if name.startswith("nmt"):
        table = {**table, **dict.fromkeys(SPACES, " "), **{chr(code): "" for code in REMOVED}}
        table.pop(FULL_WIDTH_TILDE, None)
    if name.endswith("cf"):
        table = _folded(table)
    return compiled({key.encode(): value.encode() for key, value in table.items()})


def from_tsv(path: str | PathLike[str]) -> bytes:
    """The rules of a file, compiled.

    Args:
        path: lines of code points in hexadecimal with spaces between, a tab, and those that are
            written for them; nothing behind the tab drops the string. Further columns are notes.

    Raises:
        FormatError: a line that is none.
    """
    rules = {}
    for at, line in enumerate(Path(path).read_text("utf-8").splitlines(), 1):
        fields = [*line.split("\t"), ""]
        try:
            key, value = (_spelled(each) for each in fields[:2])
        except ValueError as error:
            raise FormatError(f"{path}, line {at}: {line!r} is no rule: {error}") from None
        if key:
            rules[key] = value
    return compiled(rules)


def _spelled(points: str) -> bytes:
    return "".join(chr(int(point, 16)) for point in points.split()).encode()


def compatibility() -> dict[str, str]:
    """What NFKC changes: characters, and sequences that compose."""
    table: dict[str, str] = {}
    originals: dict[str, list[str]] = {}
    decomposed: set[str] = set()
    for character in _characters():
        composed = unicodedata.normalize("NFKC", character)
        if composed != character:
            table[character] = composed
        parts = unicodedata.normalize("NFKD", character)
        if len(parts) == 1:
            originals.setdefault(parts, []).append(character)
        else:
            decomposed.add(parts)
    for parts in decomposed:
        composed = unicodedata.normalize("NFKC", parts)
        if composed == parts:
            continue
        for spelled in map("".join, product(*(originals[part] for part in parts))):
            if spelled != composed:
                table[spelled] = composed
    return table


def _folded(table: dict[str, str]) -> dict[str, str]:
    """The same without case, character by character."""
    folded = {key: "".join(map(_fold, value)) for key, value in table.items()}
    for character in _characters():
        if character not in folded and _fold(character) != character:
            folded[character] = _fold(character)
    return folded


def _fold(character: str) -> str:
    whole = character.casefold()
    if len(whole) == 1:
        return whole
    lower = character.lower()
    return lower if len(lower) == 1 else character


def _characters() -> Iterator[str]:
    return (chr(code) for code in range(1, 0x110000) if not 0xD800 <= code < 0xE000)
