"""Plans as marks and labels, and back."""

from __future__ import annotations

import re
from itertools import pairwise

from tokenry.domains.layouts import plans
from tokenry.domains.layouts.tokens import LINE, OTHER, PLAN, STRUCTURE
from tokenry.domains.parsed import Parsed, of_sections
from tokenry.errors import DomainError

_WANTED = len(STRUCTURE)
_NUMBERS = _WANTED + plans.WORDS.index("element 1")


def of_plans(data: bytes) -> Parsed:
    """The lines of a file of plans; a line that is none stands as it is, behind ``other``."""
    sections: list[tuple[int, bytes]] = []
    for line in re.findall(rb"[^\n]*\n|[^\n]+", data):
        text = line.removesuffix(b"\n")
        try:
            sections += [(PLAN, b""), *_sections(plans.parse(text.decode()))]
        except (DomainError, UnicodeDecodeError):
            sections.append((OTHER, text))
        sections += [(LINE, b"")] if text != line else []
    return of_sections(sections)


def _sections(plan: plans.Plan) -> list[tuple[int, bytes]]:
    found = []
    for wanted in plan:
        found.append((_WANTED, wanted.label.encode()))
        for clause in wanted.clauses:
            found.append((_WANTED + plans.WORDS.index(clause.word), b""))
            if clause.of:
                found.append((_NUMBERS + clause.of - 1, b""))
    return found


def to_plans(parsed: Parsed) -> bytes:
    """The lines of plans.

    Raises:
        DomainError: the marks are no plans.
    """
    lines: list[bytes] = []
    words: list[str] = []
    for mark, text in parsed.sections():
        if mark in (PLAN, OTHER, LINE) and words:
            lines.append(_line(words))
            words = []
        if mark in (OTHER, LINE):
            lines.append(text if mark == OTHER else b"\n")
        elif mark != PLAN:
            words.append(_word(mark, text))
    return b"".join([*lines, _line(words) if words else b""])


def _word(mark: int, text: bytes) -> str:
    if not _WANTED <= mark < _WANTED + len(plans.WORDS) or (text and mark != _WANTED):
        raise DomainError("a mark of a page, or bytes, stand within a plan")
    if mark == _WANTED:
        return "; " + text.decode(errors="replace")
    return f" {mark - _NUMBERS + 1}" if mark >= _NUMBERS else ", " + plans.WORDS[mark - _WANTED]


def _line(words: list[str]) -> bytes:
    """The text of a plan; what follows a label is not behind a comma but a colon."""
    found = [words[0].removeprefix("; ")]
    for before, word in pairwise(words):
        found.append(": " + word[2:] if word.startswith(", ") and before.startswith("; ") else word)
    line = "".join(found)
    plans.parse(line)
    return line.encode()
