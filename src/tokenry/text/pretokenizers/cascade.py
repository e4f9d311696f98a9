"""Cuts at the matches of patterns, one after the other, by the native core."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.text.patterns.characters import CharacterSet, named
from tokenry.text.patterns.program import (
    NotedSymbols,
    Program,
    SymbolClasses,
    character_sets,
    look_program,
)
from tokenry.text.patterns.syntax import (
    Class,
    Look,
    NotReadError,
    PatternNode,
    Repeat,
    parse,
    with_classes,
)
from tokenry.text.pretokenizers.delimiters import Behavior
from tokenry.vocabulary import BYTE_ALPHABET

# A byte that is no UTF-8 is one of these to the pattern: what "surrogateescape" makes of it.
_ESCAPED = np.arange(0xDC80, 0xDD00, dtype=np.uint32)
_NONE = np.zeros(0, np.uint8)
_SPELLED = np.array([ord(character) for character in BYTE_ALPHABET], dtype=np.uint32)


class Cut(Protocol):
    """What the core cuts at."""

    @property
    def behavior(self) -> Behavior:
        """What becomes of matches."""

    @property
    def invert(self) -> bool:
        """Whether they and the rest are exchanged."""

    @property
    def may_be_empty(self) -> bool:
        """Whether an empty match cuts too."""

    def tree(self) -> PatternNode:
        """What is looked for.

        Raises:
            NotReadError: it is a pattern that the core cannot match.
        """


@dataclass(frozen=True, slots=True)
class PatternCut:
    """A cut at the matches of a pattern.

    Attributes:
        pattern: in the syntax of the ``regex`` module's version 1.
        behavior: what becomes of matches; ``invert`` exchanges them and the rest.
        multiline: whether ``^`` and ``$`` are the edges of lines.
        unassigned: the class of code points that are to be as U+0378 is; None for none.
        may_be_empty: whether an empty match cuts too, as Oniguruma finds them; else a pattern that
            has some is not for the core.
    """

    pattern: str
    behavior: Behavior
    invert: bool = False
    multiline: bool = False
    unassigned: str | None = None
    may_be_empty: bool = False

    def tree(self) -> PatternNode:
        """The pattern."""
        tree = parse(self.pattern, multiline=self.multiline)
        if self.unassigned is None:
            return tree
        unknown = named(self.unassigned)
        return with_classes(tree, lambda characters: _as_unassigned(characters, unknown))


def _as_unassigned(characters: CharacterSet, unknown: CharacterSet) -> CharacterSet:
    """The set where every unknown code point is as U+0378 is, which no Unicode has assigned."""
    inside = bool(characters.contains(np.array([0x378]))[0])
    return characters | unknown if inside else characters - unknown


@dataclass(frozen=True, slots=True)
class ClassCut:
    """A cut at runs of characters of a set, at most ``most`` long (None: of any length)."""

    characters: CharacterSet
    behavior: Behavior
    most: int | None = None
    invert: bool = False
    may_be_empty: bool = False

    def tree(self) -> PatternNode:
        """A run."""
        return Repeat(Class(self.characters), 1, self.most, True)


@lru_cache(maxsize=64)
def finder_of(cuts: tuple[Cut, ...], spelled: tuple[Cut, ...] = ()) -> _native.Finder | None:
    """What makes these cuts in the core; None where a pattern is not for it.

    Args:
        cuts: in order.
        spelled: those behind them that see a character of the byte-level alphabet for each byte.
    """
    try:
        return _native.Cascade([_stage(cuts), *([_stage_of_bytes(spelled)] if spelled else [])])
    except (NotReadError, _native.NotCompiledError):
        return None


def _stage(cuts: Sequence[Cut]) -> _native.PatternStage:
    programs, symbols = _programs(cuts)
    escaped = symbols.of_points(_ESCAPED)
    if len(set(escaped.tolist())) > 1:
        raise NotReadError("a pattern that tells bytes that are no UTF-8 apart")
    stage = _native.pattern_stage(symbols.starts, symbols.symbols, int(escaped[0]))
    return _filled(stage, cuts, programs, symbols)


def _stage_of_bytes(cuts: Sequence[Cut]) -> _native.PatternStage:
    programs, symbols = _programs(cuts)
    stage = _native.pattern_stage_of_bytes(symbols.of_points(_SPELLED))
    return _filled(stage, cuts, programs, symbols)


def _programs(cuts: Sequence[Cut]) -> tuple[list[Program], SymbolClasses]:
    programs = [Program.of(cut.tree()) for cut in cuts]
    looks = [look_program(look) for program in programs for look in program.looks()]
    return programs, SymbolClasses.of(character_sets([*programs, *looks]))


def _filled(
    stage: _native.PatternStage,
    cuts: Sequence[Cut],
    programs: Sequence[Program],
    plain: SymbolClasses,
) -> _native.PatternStage:
    for cut, program in zip(cuts, programs, strict=True):
        symbols = NotedSymbols.of(plain, program.looks()) if program.looks() else plain
        stage.add(
            *_arrays(program),
            program.rows(symbols),
            symbols=symbols.count(),
            behavior=cut.behavior.value,
            invert=cut.invert,
            looks=[_look(look, plain) for look in program.looks()],
            noted=symbols.table.reshape(-1) if isinstance(symbols, NotedSymbols) else _NONE,
            empty=cut.may_be_empty,
        )
    return stage


def _look(look: Look, symbols: SymbolClasses) -> _native.PatternLook:
    program = look_program(look)
    return _native.pattern_look(
        *_arrays(program), program.rows(symbols), symbols=symbols.count(), ahead=look.ahead
    )


def _arrays(program: Program) -> tuple[NDArray[np.uint8], NDArray[np.uint32], NDArray[np.uint32]]:
    return (
        np.array(program.kinds, np.uint8),
        np.array(program.firsts, np.uint32),
        np.array(program.seconds, np.uint32),
    )
