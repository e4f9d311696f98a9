"""Trees of patterns as instructions of the core (native/pattern/program.hpp)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.text.patterns.characters import CharacterSet
from tokenry.text.patterns.syntax import (
    Alternatives,
    Atomic,
    Class,
    Condition,
    Look,
    NotReadError,
    PatternNode,
    Repeat,
    Sequence,
    backwards,
)
from tokenry.text.unicode.character_sets import CODE_POINTS

TAKE, FORK, BEFORE, AFTER, MATCH = range(5)
MOST_INSTRUCTIONS: Final = 20_000
# The symbols of native/pattern/symbols.hpp.
EDGE: Final = 0
INSIDE: Final = 1
FIRST_CHARACTER: Final = 2
MOST_SYMBOLS: Final = 256
MOST_LOOKS: Final = 6


@dataclass(frozen=True)
class SymbolClasses:
    """Code points by what no pattern tells apart.

    Attributes:
        starts: where ranges of code points with one symbol begin; the first is 0.
        symbols: the symbol of each range.
    """

    starts: NDArray[np.uint32]
    symbols: NDArray[np.uint8]

    @classmethod
    def of(cls, sets: list[CharacterSet]) -> SymbolClasses:
        """Those that tell apart what one of the sets does.

        Raises:
            NotReadError: there are more than the core has.
        """
        edges = [np.zeros(1, np.uint32), *(each.array() for each in sets)]
        starts = np.unique(np.concatenate(edges))
        starts = starts[starts < CODE_POINTS]
        inside = np.array([starts >= 0, *(each.contains(starts) for each in sets)])
        _, which = np.unique(inside, axis=1, return_inverse=True)
        which = which.reshape(-1)
        if which.max() + FIRST_CHARACTER >= MOST_SYMBOLS:
            raise NotReadError(f"{which.max() + 1} classes of characters; expected at most 254")
        changes = np.append(True, which[1:] != which[:-1])
        symbols = (which[changes] + FIRST_CHARACTER).astype(np.uint8)
        return cls(starts[changes].astype(np.uint32), symbols)

    def count(self) -> int:
        """One more than the largest symbol."""
        return int(self.symbols.max()) + 1

    def of_points(self, points: NDArray[np.uint32]) -> NDArray[np.uint8]:
        """The symbol of each code point."""
        return self.symbols[np.searchsorted(self.starts, points, side="right") - 1]

    def row(self, asked: Asked) -> NDArray[np.uint8]:
        """Whether each symbol is one that is asked for, shape (count,)."""
        if isinstance(asked.of, Look):
            raise NotReadError("looking around within looking around")
        row = np.zeros(self.count(), dtype=np.uint8)
        row[self.symbols[asked.of.contains(self.starts)]] = 1
        row[EDGE] = asked.edge
        return row


@dataclass(frozen=True)
class NotedSymbols:
    """Symbols with what is found around a place, a bit for each look: native/pattern/looks.hpp.

    Attributes:
        plain: the symbols of characters.
        looks: what is looked for.
        table: the symbol of each plain one with each set of bits, shape (plain, sets).
    """

    plain: SymbolClasses
    looks: tuple[Look, ...]
    table: NDArray[np.uint8]

    @classmethod
    def of(cls, plain: SymbolClasses, looks: tuple[Look, ...]) -> NotedSymbols:
        """Those of some symbols.

        Raises:
            NotReadError: there are more than the core has.
        """
        sets = 1 << len(looks)
        if len(looks) > MOST_LOOKS or plain.count() * sets > MOST_SYMBOLS:
            raise NotReadError(f"{len(looks)} looks farther than one character")
        table = np.zeros((plain.count(), sets), dtype=np.uint8)
        table[INSIDE] = INSIDE
        characters = table[FIRST_CHARACTER:]
        characters[:] = np.arange(characters.size).reshape(characters.shape) + FIRST_CHARACTER
        table[EDGE, 1:] = FIRST_CHARACTER + characters.size + np.arange(sets - 1)
        return cls(plain, looks, table)

    def count(self) -> int:
        """One more than the largest symbol."""
        return int(self.table.max()) + 1

    def row(self, asked: Asked) -> NDArray[np.uint8]:
        """Whether each symbol is one that is asked for, shape (count,)."""
        row = np.zeros(self.count(), dtype=np.uint8)
        if isinstance(asked.of, Look):
            sets = np.arange(self.table.shape[1])
            found = (sets >> self.looks.index(asked.of) & 1).astype(np.bool_)
            row[self.table[:, found != asked.of.negated].reshape(-1)] = 1
        else:
            row[self.table[self.plain.row(asked).astype(np.bool_)].reshape(-1)] = 1
        row[INSIDE] = 0
        return row


@dataclass(frozen=True, slots=True)
class Asked:
    """What an instruction asks of a symbol.

    Attributes:
        of: the characters, or what is looked for.
        edge: whether the edge of the text will do as a character.
    """

    of: CharacterSet | Look
    edge: bool = False


@dataclass
class Program:
    """Instructions while they are written; each continues at one that was written before.

    Attributes:
        kinds, firsts, seconds: an instruction each.
        sets: what they ask.
    """

    kinds: list[int] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)
    seconds: list[int] = field(default_factory=list)
    sets: dict[Asked, int] = field(default_factory=dict)

    @classmethod
    def of(cls, tree: PatternNode) -> Program:
        """The program of a pattern.

        Raises:
            NotReadError: it is too long, or asks for what the core cannot do.
        """
        program = cls()
        start = program._add(FORK)  # the first instruction is where the core starts
        match = program._add(MATCH)
        entry = program._write(tree, match, match)
        program.firsts[start] = program.seconds[start] = entry
        return program

    def _add(self, kind: int, first: int = 0, second: int = 0) -> int:
        if len(self.kinds) == MOST_INSTRUCTIONS:
            raise NotReadError(f"a program of more than {MOST_INSTRUCTIONS} instructions")
        self.kinds.append(kind)
        self.firsts.append(first)
        self.seconds.append(second)
        return len(self.kinds) - 1

    def _set(self, of: CharacterSet | Look, edge: bool = False) -> int:
        return self.sets.setdefault(Asked(of, edge), len(self.sets))

    def _write(self, node: PatternNode, then: int, match: int) -> int:
        """Writes a node behind which it goes on at ``then``; gives where it begins."""
        match node:
            case Class(characters):
                return self._add(TAKE, self._set(characters), then)
            case Condition(where, characters, edge):
                kind = BEFORE if where == "before" else AFTER
                return self._add(kind, self._set(characters, edge), then)
            case Sequence(nodes):
                for each in reversed(nodes):
                    then = self._write(each, then, match)
                return then
            case Alternatives(nodes):
                entries = [self._write(each, then, match) for each in nodes]
                entry = entries.pop()
                while entries:
                    entry = self._add(FORK, entries.pop(), entry)
                return entry
            case Look():
                return self._add(AFTER, self._set(node), then)
            case Repeat():
                return self._write_repeat(node, then, match)
            case Atomic(inner):
                if then != match:
                    raise NotReadError("an atomic group that something follows")
                return self._write(inner, then, match)

    def _write_repeat(self, repeat: Repeat, then: int, match: int) -> int:
        entry = then
        if repeat.most is None:
            entry = self._add(FORK)
            again = self._write(repeat.node, entry, match)
            self.firsts[entry], self.seconds[entry] = _by_choice(again, then, repeat.greedy)
        else:
            for _ in range(repeat.most - repeat.least):
                once = self._write(repeat.node, entry, match)
                entry = self._add(FORK, *_by_choice(once, then, repeat.greedy))
        for _ in range(repeat.least):
            entry = self._write(repeat.node, entry, match)
        return entry

    def looks(self) -> tuple[Look, ...]:
        """What it looks for, farther than one character."""
        return tuple(each.of for each in self.sets if isinstance(each.of, Look))

    def rows(self, symbols: SymbolClasses | NotedSymbols) -> NDArray[np.uint8]:
        """Members of all sets, one behind the other."""
        return np.concatenate([np.zeros(0, np.uint8), *map(symbols.row, self.sets)])


def _by_choice(again: int, then: int, greedy: bool) -> tuple[int, int]:
    return (again, then) if greedy else (then, again)


def character_sets(programs: Iterable[Program]) -> list[CharacterSet]:
    """All sets of characters that they ask for, each once; not those of what they look for."""
    asked = (each.of for program in programs for each in program.sets)
    return list(dict.fromkeys(each for each in asked if isinstance(each, CharacterSet)))


def look_program(look: Look) -> Program:
    """What is looked for, as the core walks over the text.

    Raises:
        NotReadError: it looks around itself.
    """
    return Program.of(backwards(look.node) if look.ahead else look.node)
