"""Where a text holds something else: fenced blocks that name a language, and Markdown tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

FENCES: Final[dict[str, tuple[str, str]]] = {
    "c": ("code", "c"),
    "h": ("code", "c"),
    "cpp": ("code", "cpp"),
    "c++": ("code", "cpp"),
    "hpp": ("code", "cpp"),
    "fortran": ("code", "fortran"),
    "f90": ("code", "fortran"),
    "python": ("code", "python"),
    "py": ("code", "python"),
    "smiles": ("molecules", "smiles"),
    "smi": ("molecules", "auto"),
    "selfies": ("molecules", "selfies"),
    "protein": ("molecules", "protein"),
    "csv": ("tables", "csv"),
    "tsv": ("tables", "csv"),
    "json": ("tables", "json"),
    "jsonl": ("tables", "json"),
    "layout": ("layouts", "auto"),
    "plan": ("layouts", "auto"),
    "messages": ("chat", "auto"),
    "dna": ("dna", "auto"),
    "proteins": ("proteins", "auto"),
}
"""What stands behind the fence of a block: its domain, and the kind of it."""
_OPENING: Final = re.compile(rb"(`{3,}|~{3,})[ \t]*([A-Za-z0-9+]+)[^`\n]*\n")
_ROW: Final = re.compile(rb"\|[^\n]*\|[ \t]*\n")
_RULE: Final = re.compile(rb"\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*\n")


@dataclass(frozen=True)
class TextBlock:
    """A stretch of a text, and what it is.

    Attributes:
        begin, end: half-open, in bytes.
        domain: its domain; empty for text.
        kind: of the domain.
    """

    begin: int
    end: int
    domain: str = ""
    kind: str = ""


def blocks(data: bytes) -> list[TextBlock]:
    """The stretches of a text, in order; fences are part of the text around a block."""
    found: list[TextBlock] = []
    at = 0
    for block in _special(data):
        if block.begin > at:
            found.append(TextBlock(at, block.begin))
        found.append(block)
        at = block.end
    return [*found, TextBlock(at, len(data))] if at < len(data) else found


def _special(data: bytes) -> Iterator[TextBlock]:
    lines = [0, *(match.end() for match in re.finditer(rb"\n", data))]
    number = 0
    while number < len(lines):
        begin = lines[number]
        opening = _OPENING.match(data, begin)
        if opening is not None:
            number = _closing(data, lines, number + 1, opening[1])
            domain, kind = FENCES.get(opening[2].decode().lower(), ("", ""))
            end = lines[number] if number < len(lines) else len(data)
            if domain and end > opening.end():
                yield TextBlock(opening.end(), end, domain, kind)
            number += 1
        elif (
            _ROW.match(data, begin)
            and number + 1 < len(lines)
            and _RULE.match(data, lines[number + 1])
        ):
            while number < len(lines) and _ROW.match(data, lines[number]):
                number += 1
            yield TextBlock(
                begin, lines[number] if number < len(lines) else len(data), "tables", "markdown"
            )
        else:
            number += 1


def _closing(data: bytes, lines: list[int], number: int, fence: bytes) -> int:
    """The number of the line that closes a block; that behind the last one where none does."""
    while number < len(lines):
        line = data[lines[number] : lines[number] + 1000].partition(b"\n")[0].strip(b" \t\r")
        if line.startswith(fence) and not line.strip(fence[:1]):
            return number
        number += 1
    return number
