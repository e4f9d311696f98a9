"""Messages as marks and text by a template, and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tokenry.domains.chat.templates import CONTENT, ROLE, Mark, Part, TurnTemplate
from tokenry.errors import DomainError

Section = tuple[int, bytes]
PAD: Final = "pad"
OTHER: Final = "other"


def marks_of(template: TurnTemplate) -> tuple[str, ...]:
    """Names of the marks of a template: padding, messages of no template, its own."""
    return (PAD, OTHER, *template.marks())


class Turns:
    """A template over the numbers of its marks.

    Args:
        template: how a turn is written.
    """

    def __init__(self, template: TurnTemplate) -> None:
        self.template = template
        self.numbers = {name: number for number, name in enumerate(marks_of(template))}
        rows = [*template.turns.items(), *([("", template.turn)] if template.turn else [])]
        self._by_first = {
            self.numbers[_first(parts)]: (role.encode(), parts) for role, parts in rows
        }
        self._parts = {role.encode(): parts for role, parts in template.turns.items()}
        self._other = template.turn
        self._named = {role.encode(): own.encode() for role, own in template.roles.items()}
        self._frames: dict[bytes, list[tuple[int, bytes, bytes | None]]] = {}
        self._own = {own: role for role, own in self._named.items()}

    def start(self) -> list[Section]:
        """What stands before the first turn."""
        return [(mark, before) for mark, before, _ in self._framed(self.template.start, b"")]

    def sections(self, role: bytes, content: bytes) -> list[Section]:
        """A message: each mark with the bytes up to the next.

        Raises:
            DomainError: the template does not know the role, which has a new line.
        """
        if role not in self._frames:
            self._frames[role] = self._frame(role)
        return [
            (mark, before if after is None else before + content + after)
            for mark, before, after in self._frames[role]
        ]

    def _frame(self, role: bytes) -> list[tuple[int, bytes, bytes | None]]:
        """The turns of a role: each mark with the text before and behind the content, if any."""
        parts = self._parts.get(role, self._other)
        named = self._named.get(role, role)
        if parts is None or (ROLE in parts and not _plain(named)) or role in self._own:
            # Behind ``other`` a role ends with the first new line, as it does in a turn.
            if b"\n" in role:
                raise DomainError(f"the role {role[:40]!r} has a new line; expected a word")
            return [(self.numbers[OTHER], role + b"\n", b"")]
        return self._framed(parts, named)

    def _framed(self, parts: Sequence[Part], role: bytes) -> list[tuple[int, bytes, bytes | None]]:
        found: list[tuple[int, bytes, bytes | None]] = []
        for part in parts:
            if isinstance(part, Mark):
                found.append((self.numbers[part.name], b"", None))
                continue
            mark, before, after = found[-1]
            text = role if part == ROLE else part.encode()
            if part == CONTENT:
                found[-1] = (mark, before, b"")
            elif after is None:
                found[-1] = (mark, before + text, None)
            else:
                found[-1] = (mark, before, after + text)
        return found

    def messages(self, sections: Sequence[Section]) -> Iterator[tuple[bool, bytes, bytes]]:
        """Whether a conversation begins with it, role and content of each message.

        Raises:
            DomainError: marks and text are not of the template.
        """
        start = self.numbers[_first(self.template.start)]
        begins, at = False, 0
        while at < len(sections):
            mark, text = sections[at]
            if mark == self.numbers[PAD] and not text:
                at += 1
            elif mark == start and not text:
                begins, at = True, at + 1
            elif mark == self.numbers[OTHER]:
                role, _, content = text.partition(b"\n")
                yield begins, role, content
                begins, at = False, at + 1
            elif mark in self._by_first:
                role, parts = self._by_first[mark]
                size = sum(isinstance(part, Mark) for part in parts)
                said, content = self._undone(parts, sections[at : at + size])
                yield begins, role or self._own.get(said, said), content
                begins, at = False, at + size
            else:
                raise DomainError(f"mark {at} begins no turn; expected {self._firsts()}")

    def _firsts(self) -> str:
        names = marks_of(self.template)
        return ", ".join(names[number] for number in self._by_first)

    def _undone(self, parts: Sequence[Part], sections: Sequence[Section]) -> tuple[bytes, bytes]:
        """Role and content of one turn."""
        marks = [self.numbers[part.name] for part in parts if isinstance(part, Mark)]
        if [mark for mark, _ in sections] != marks:
            raise DomainError("a turn does not end as its template has it")
        rows: list[list[str]] = []
        for part in parts:
            if isinstance(part, Mark):
                rows.append([])
            else:
                rows[-1].append(part)
        found = {ROLE: b"", CONTENT: b""}
        for row, (_, text) in zip(rows, sections, strict=True):
            found |= _matched(row, text)
        return found[ROLE], found[CONTENT]


def _first(parts: Sequence[Part]) -> str:
    assert isinstance(parts[0], Mark), "a row of a template begins with a mark"
    return parts[0].name


def _plain(role: bytes) -> bool:
    return bool(role) and b"\n" not in role


def _matched(row: list[str], text: bytes) -> dict[str, bytes]:
    """What stands for role and content in the text behind one mark."""
    found: dict[str, bytes] = {}
    for at, part in enumerate(row):
        if part == CONTENT:
            return found | {part: text}
        if part == ROLE:
            end = text.find(row[at + 1].encode()) if at + 1 < len(row) else len(text)
            if end < 0:
                raise DomainError(f"no {row[at + 1]!r} ends the role in {text[:40]!r}")
            found[part], text = text[:end], text[end:]
        elif text.startswith(part.encode()):
            text = text[len(part.encode()) :]
        else:
            raise DomainError(f"{text[:40]!r} stands where a template has {part!r}")
    if text:
        raise DomainError(f"{text[:40]!r} stands behind the end of a turn")
    return found
