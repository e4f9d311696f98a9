"""Messages as marks and text by a template, and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tokenry.domains.chat.templates import CONTENT, ROLE, Mark, Part, TurnTemplate
from tokenry.errors import DomainError

Section = tuple[int, bytes]
PAD: Final = "pad"
OTHER: Final = "other"


def marks_of(template: TurnTemplate) -> tuple[str, ...]:
    """Names of the marks of a template: padding, messages of no template, its own."""
    return (PAD, OTHER, *template.marks())


@dataclass(frozen=True, slots=True)
class TurnFrame:
    """What stands around the content of a turn.

    Attributes:
        marks: of the turn.
        sizes: bytes of the template behind each of them; the content is not counted.
        content: behind which of the marks the content stands.
        before, behind: the bytes of the turn before and behind the content.
        closes: whether the mark behind the content ends it, with nothing between.
    """

    marks: tuple[int, ...]
    sizes: tuple[int, ...]
    content: int
    before: bytes
    behind: bytes
    closes: bool


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
            self.numbers[_first(parts)]: (role.encode(), self._marks(parts), _rows(parts))
            for role, parts in rows
        }
        self._parts = {role.encode(): parts for role, parts in template.turns.items()}
        self._other = template.turn
        self._named = {role.encode(): own.encode() for role, own in template.roles.items()}
        self._own = {own: role for role, own in self._named.items()}

    def _marks(self, parts: Sequence[Part]) -> list[int]:
        return [self.numbers[part.name] for part in parts if isinstance(part, Mark)]

    def start(self) -> TurnFrame:
        """What stands before the first turn; there is no content in it."""
        return _frame(self._framed(self.template.start, b""))

    def frame(self, role: bytes) -> TurnFrame:
        """What stands around the content of a role.

        Raises:
            DomainError: the template does not know the role, which has a new line.
        """
        parts = self._parts.get(role, self._other)
        named = self._named.get(role, role)
        if parts is None or (ROLE in parts and not _plain(named)) or role in self._own:
            # Behind ``other`` a role ends with the first new line, as it does in a turn.
            if b"\n" in role:
                raise DomainError(f"the role {role[:40]!r} has a new line; expected a word")
            return _frame([(self.numbers[OTHER], role + b"\n", b"")])
        return _frame(self._framed(parts, named))

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
                role, marks, rows = self._by_first[mark]
                said, content = _undone(marks, rows, sections[at : at + len(marks)])
                yield begins, role or self._own.get(said, said), content
                begins, at = False, at + len(marks)
            else:
                raise DomainError(f"mark {at} begins no turn; expected {self._firsts()}")

    def _firsts(self) -> str:
        names = marks_of(self.template)
        return ", ".join(names[number] for number in self._by_first)


def _frame(sections: list[tuple[int, bytes, bytes | None]]) -> TurnFrame:
    """Each mark with the text before and behind the content, if any, as a frame."""
    content = next((at for at, (_, _, after) in enumerate(sections) if after is not None), 0)
    after = sections[content][2] or b""
    return TurnFrame(
        tuple(mark for mark, _, _ in sections),
        tuple(len(before) + len(after or b"") for _, before, after in sections),
        content,
        b"".join(before for _, before, _ in sections[: content + 1]),
        b"".join([after, *(before for _, before, _ in sections[content + 1 :])]),
        not after and content + 1 < len(sections),
    )


def _rows(parts: Sequence[Part]) -> list[list[str | bytes]]:
    """What stands behind each mark: texts as bytes, and `ROLE` and `CONTENT`."""
    rows: list[list[str | bytes]] = []
    for part in parts:
        if isinstance(part, Mark):
            rows.append([])
        else:
            rows[-1].append(part if part in (ROLE, CONTENT) else part.encode())
    return rows


def _undone(
    marks: list[int], rows: list[list[str | bytes]], sections: Sequence[Section]
) -> tuple[bytes, bytes]:
    """Role and content of one turn."""
    if [mark for mark, _ in sections] != marks:
        raise DomainError("a turn does not end as its template has it")
    role = content = b""
    for row, (_, text) in zip(rows, sections, strict=True):
        if len(row) == 1 and row[0] == text:
            continue
        match row:
            case ["{role}", bytes(end), "{content}"] if end in text:
                role, _, content = text.partition(end)
                continue
        found = _matched(row, text)
        role, content = found.get(ROLE, role), found.get(CONTENT, content)
    return role, content


def _first(parts: Sequence[Part]) -> str:
    assert isinstance(parts[0], Mark), "a row of a template begins with a mark"
    return parts[0].name


def _plain(role: bytes) -> bool:
    return bool(role) and b"\n" not in role


def _matched(row: list[str | bytes], text: bytes) -> dict[str, bytes]:
    """What stands for role and content in the text behind one mark."""
    found: dict[str, bytes] = {}
    for at, part in enumerate(row):
        if part == CONTENT:
            found[CONTENT] = text
            return found
        if part == ROLE:
            after = row[at + 1] if at + 1 < len(row) else None
            end = text.find(after) if isinstance(after, bytes) else len(text)
            if end < 0:
                raise DomainError(f"no {after!r} ends the role in {text[:40]!r}")
            found[ROLE], text = text[:end], text[end:]
        elif isinstance(part, bytes) and text.startswith(part):
            text = text[len(part) :]
        else:
            raise DomainError(f"{text[:40]!r} stands where a template has {part!r}")
    if text:
        raise DomainError(f"{text[:40]!r} stands behind the end of a turn")
    return found
