r"""Regular expressions as trees, in the syntax of the ``regex`` module's version 1.

Only what an automaton can do is read: classes, alternatives, repeats, look-ahead and look-behind;
most of these ask for one character, as ``\b`` and anchors do, which is a `Condition`. A possessive
repeat of one class is a greedy one that no character of the class follows. Everything else raises
`NotReadError`: back references, recursion, atomic groups in the middle of a pattern, looking around
within looking around, repeats of what may be empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, Literal, NoReturn

from tokenry.text.patterns.characters import (
    EVERYTHING,
    NOTHING,
    CharacterSet,
    cased,
    literal,
    members,
)
from tokenry.text.patterns.sets import set_members

MOST_REPEATS: Final = 1000


class NotReadError(ValueError):
    """A pattern that is for another engine."""


@dataclass(frozen=True, slots=True)
class Class:
    """One character of a set."""

    characters: CharacterSet


@dataclass(frozen=True, slots=True)
class Condition:
    """The character before or after a place is of a set, or there is none and ``edge`` is true."""

    where: Literal["before", "after"]
    characters: CharacterSet
    edge: bool

    def negated(self) -> Condition:
        """What holds where this does not."""
        return Condition(self.where, EVERYTHING - self.characters, not self.edge)


@dataclass(frozen=True, slots=True)
class Sequence:
    """One node after the other."""

    nodes: tuple[PatternNode, ...]


@dataclass(frozen=True, slots=True)
class Alternatives:
    """The first of the nodes that leads to a match."""

    nodes: tuple[PatternNode, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A node ``least`` to ``most`` times (None: any number), as often as can be or as few."""

    node: PatternNode
    least: int
    most: int | None
    greedy: bool


@dataclass(frozen=True, slots=True)
class Atomic:
    """A node whose first match is kept, whatever follows."""

    node: PatternNode


@dataclass(frozen=True, slots=True)
class Look:
    """A node matches before a place or, with ``ahead``, behind it; or, negated, does not."""

    node: PatternNode
    ahead: bool
    negated: bool


PatternNode = Class | Condition | Sequence | Alternatives | Repeat | Atomic | Look
EMPTY: Final = Sequence(())


@dataclass(frozen=True, slots=True)
class Flags:
    """What changes the meaning of a pattern: the letters of ``regex`` that are set."""

    letters: frozenset[str] = frozenset("f")

    def __contains__(self, letter: str) -> bool:
        return letter in self.letters

    def changed(self, text: str) -> Flags:
        """With those of ``(?text)`` set or, behind a hyphen, unset."""
        on, _, off = text.partition("-")
        return replace(self, letters=(self.letters | set(on)) - set(off))


_GROUP: Final = re.compile(r"\(\?(?:(?P<flags>[A-Za-z]*(?:-[A-Za-z]+)?|V1)(?P<end>[:)])"
                           r"|(?P<kind><[=!]|[=!:>])|P?<(?P<name>[A-Za-z_]\w*)>)")  # fmt: skip
_COUNTS: Final = re.compile(r"\{(\d*)(,?)(\d*)\}")
_KNOWN_FLAGS: Final = frozenset("fimsuV1")
# Escapes that stand for one character of a class; the rest of the letters mean something else.
_CLASS: Final = re.compile(
    r"\\(?:[dDsSwW]|[pP](?:\{[^{}]*\}|[A-Za-z])|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}"
    r"|[afnrtv])"
)
_LINE: Final = "\n"


def parse(pattern: str, *, multiline: bool = False) -> PatternNode:
    """The tree of a pattern; ``multiline`` as if it began with ``(?m)``.

    Raises:
        NotReadError: it has what is not read here.
    """
    reader = _Reader(pattern)
    node = reader.alternatives(Flags().changed("m" if multiline else ""))
    if reader.place < len(pattern):
        reader.fail("an unmatched )")
    return node


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.place = 0

    def fail(self, what: str) -> NoReturn:
        raise NotReadError(f"{what} at character {self.place} of {self.pattern!r}")

    def at(self, text: str) -> bool:
        return self.pattern.startswith(text, self.place)

    def take(self, text: str) -> bool:
        if not self.at(text):
            return False
        self.place += len(text)
        return True

    def alternatives(self, flags: Flags) -> PatternNode:
        """Up to the end of the group; flags at its beginning are those of all alternatives."""
        while (found := _GROUP.match(self.pattern, self.place)) and found["end"] == ")":
            flags = self._changed(flags, found["flags"])
            self.place = found.end()
        nodes = [self._sequence(flags)]
        while self.take("|"):
            nodes.append(self._sequence(flags))
        return nodes[0] if len(nodes) == 1 else Alternatives(tuple(nodes))

    def _changed(self, flags: Flags, text: str) -> Flags:
        if set(text) - _KNOWN_FLAGS - {"-"}:
            self.fail(f"the flags {text}")
        return flags.changed(text)

    def _sequence(self, flags: Flags) -> PatternNode:
        nodes: list[PatternNode] = []
        run = ""  # literal characters, which may fold together
        while self.place < len(self.pattern) and not (self.at("|") or self.at(")")):
            begin = self.place
            node = self._atom(flags)
            text = self.pattern[begin : self.place]
            run = run + text if len(text) == 1 and isinstance(node, Class) else ""
            if "i" in flags and "f" in flags and _folds_together(run):
                self.fail("letters that fold together")
            nodes.append(self._quantified(node))
        return nodes[0] if len(nodes) == 1 else Sequence(tuple(nodes))

    def _atom(self, flags: Flags) -> PatternNode:
        character = self.pattern[self.place]
        if character == "(":
            return self._group(flags)
        if character == "[":
            text = self.pattern[self.place : self._set_end()]
            self.place += len(text)
            return Class(set_members(text, *_folding(flags)))
        if character == "\\":
            return self._escape(flags)
        if character in "*+?{":
            self.fail(f"a lone {character}")
        self.place += 1
        if character == ".":
            return Class(EVERYTHING if "s" in flags else EVERYTHING - literal("\n"))
        if character == "^":
            lines = literal("\n") if "m" in flags else NOTHING
            return Condition("before", lines, True)
        if character == "$":
            if "m" not in flags:
                self.fail("$ before a last line feed")
            return Condition("after", literal("\n"), True)
        return Class(literal(character, *_folding(flags)))

    def _escape(self, flags: Flags) -> PatternNode:
        if self.take("\\A"):
            return Condition("before", NOTHING, True)
        if self.take("\\Z"):
            return Condition("after", NOTHING, True)
        escaped = self.pattern[self.place + 1 : self.place + 2]
        if escaped and not (escaped.isascii() and escaped.isalnum()):
            self.place += 2
            return Class(literal(escaped, *_folding(flags)))
        found = _CLASS.match(self.pattern, self.place)
        if found is None:
            self.fail(f"the escape {self.pattern[self.place : self.place + 2]}")
        self.place = found.end()
        return Class(members(found[0], *_folding(flags)))

    def _set_end(self) -> int:
        """Where the set that begins here ends; sets may stand in sets."""
        depth, place = 0, self.place
        while place < len(self.pattern):
            character = self.pattern[place]
            place += 2 if character == "\\" else 1
            if character == "[":
                depth += 1
                place += self.pattern.startswith("^", place)
                if self.pattern.startswith("]", place):
                    self.fail("a set that begins with ]")
            elif character == "]":
                depth -= 1
                if depth == 0:
                    return place
        self.fail("a set that does not end")

    def _group(self, flags: Flags) -> PatternNode:
        found = _GROUP.match(self.pattern, self.place)
        if found is None:
            if self.at("(?") or self.at("(*"):
                self.fail(f"the group {self.pattern[self.place : self.place + 4]}")
            self.place += 1
            return self._rest_of_group(flags)
        if found["end"] == ")":
            self.fail("flags in the middle of a pattern")
        self.place = found.end()
        if found["flags"]:
            flags = self._changed(flags, found["flags"])
        kind = found["kind"]
        node = self._rest_of_group(flags)
        if kind in (None, ":"):
            return node
        return _possessive(node) if kind == ">" else self._looking(node, kind)

    def _rest_of_group(self, flags: Flags) -> PatternNode:
        node = self.alternatives(flags)
        if not self.take(")"):
            self.fail("a group that does not end")
        return node

    def _looking(self, node: PatternNode, kind: str) -> PatternNode:
        where: Literal["before", "after"] = "before" if kind.startswith("<") else "after"
        condition = _one_character(node, where)
        if condition is None:
            return Look(node, where == "after", kind.endswith("!"))
        return condition.negated() if kind.endswith("!") else condition

    def _quantified(self, node: PatternNode) -> PatternNode:
        counts = self._counts()
        if counts is None:
            return node
        least, most = counts
        if isinstance(node, Condition | Look) or (most != 1 and may_be_empty(node)):
            self.fail("a repeat of what may be empty")
        if max(least, most or 0) > MOST_REPEATS or (most is not None and most < least):
            self.fail(f"a repeat of more than {MOST_REPEATS} times")
        greedy = not self.take("?")
        repeat = Repeat(node, least, most, greedy)
        possessive = greedy and self.take("+")
        if self._counts() is not None:
            self.fail("a repeat of a repeat")
        return _possessive(repeat) if possessive else repeat

    def _counts(self) -> tuple[int, int | None] | None:
        for text, counts in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self.take(text):
                return counts
        if not self.at("{"):
            return None
        found = _COUNTS.match(self.pattern, self.place)
        if found is None or not (found[1] or found[3]):
            self.fail("a { that is no repeat")
        self.place = found.end()
        least = int(found[1] or 0)
        return least, (int(found[3]) if found[3] else None) if found[2] else least


def _one_character(node: PatternNode, where: Literal["before", "after"]) -> Condition | None:
    """What is asked of one character; None where more is asked."""
    match node:
        case Class(characters):
            return Condition(where, characters, False)
        case Condition():
            return node if node.where == where else None
        case Alternatives(nodes):
            both = [_one_character(each, where) for each in nodes]
            found = [each for each in both if each is not None]
            if len(found) < len(both):
                return None
            characters = NOTHING
            for each in found:
                characters = characters | each.characters
            return Condition(where, characters, any(each.edge for each in found))
        case _:
            return None


def _possessive(node: PatternNode) -> PatternNode:
    """A node that gives nothing back: of one class, a greedy one that none of it follows."""
    match node:
        case Class():
            return node
        case Repeat(Class(characters), least, most, True):
            ends = Condition("after", characters, False).negated()
            if most is None:
                return Sequence((node, ends))
            fewer = Sequence((Repeat(node.node, least, most - 1, True), ends))
            full = Repeat(node.node, most, most, True)
            return Alternatives((full, fewer)) if most > least else full
        case _:
            return Atomic(node)


def may_be_empty(node: PatternNode) -> bool:
    """Whether it may match no character."""
    match node:
        case Class():
            return False
        case Condition() | Look():
            return True
        case Sequence(nodes):
            return all(map(may_be_empty, nodes))
        case Alternatives(nodes):
            return any(map(may_be_empty, nodes))
        case Repeat(inner, least, _, _):
            return least == 0 or may_be_empty(inner)
        case Atomic(inner):
            return may_be_empty(inner)


def _folding(flags: Flags) -> tuple[bool, bool]:
    return "i" in flags, "f" in flags


@cache
def _foldings() -> tuple[str, ...]:
    """What single characters fold to that is longer than one."""
    folded = map(str.casefold, cased())
    return tuple({text for text in folded if len(text) > 1})


def _folds_together(text: str) -> bool:
    folded = text.casefold()
    return len(folded) > 1 and any(each in folded for each in _foldings())


Changed = Callable[[CharacterSet], CharacterSet]


def with_classes(node: PatternNode, change: Changed) -> PatternNode:
    """The same tree with other sets."""
    match node:
        case Class(characters):
            return Class(change(characters))
        case Condition(where, characters, edge):
            return Condition(where, change(characters), edge)
        case Sequence(nodes):
            return Sequence(tuple(with_classes(each, change) for each in nodes))
        case Alternatives(nodes):
            return Alternatives(tuple(with_classes(each, change) for each in nodes))
        case Repeat(inner, least, most, greedy):
            return Repeat(with_classes(inner, change), least, most, greedy)
        case Atomic(inner):
            return Atomic(with_classes(inner, change))
        case Look(inner, ahead, negated):
            return Look(with_classes(inner, change), ahead, negated)


def backwards(node: PatternNode) -> PatternNode:
    """What matches the same texts, read from their ends.

    Raises:
        NotReadError: it looks farther than one character, or keeps the first match of something.
    """
    match node:
        case Class():
            return node
        case Condition(where, characters, edge):
            return Condition("after" if where == "before" else "before", characters, edge)
        case Sequence(nodes):
            return Sequence(tuple(backwards(each) for each in reversed(nodes)))
        case Alternatives(nodes):
            return Alternatives(tuple(map(backwards, nodes)))
        case Repeat(inner, least, most, greedy):
            return Repeat(backwards(inner), least, most, greedy)
        case _:
            raise NotReadError("looking around within looking around")
