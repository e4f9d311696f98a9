"""A context-free grammar as data: rules, each an expression over lexemes and other rules.

A lexeme is a regular language of bytes. Between lexemes may stand what is skipped, such as white
space: not before the first of a text, and behind it only where one more lexeme could come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tokenry.decoding.constrained.automaton import Automaton


@dataclass(frozen=True, eq=False)
class Lexeme:
    """A text of a regular language.

    Attributes:
        language: the texts.
    """

    language: Automaton


@dataclass(frozen=True)
class Reference:
    """What a rule says.

    Attributes:
        rule: its name.
    """

    rule: str


@dataclass(frozen=True)
class Concatenation:
    """One after the other; none of them is the empty text."""

    items: tuple[Expression, ...]


@dataclass(frozen=True)
class Choice:
    """One of them; of none there is no text."""

    items: tuple[Expression, ...]


@dataclass(frozen=True)
class Repetition:
    """One again and again.

    Attributes:
        item: it.
        low: how often at least.
        high: how often at most; None: any number.
    """

    item: Expression
    low: int = 0
    high: int | None = None


@dataclass(frozen=True)
class Row:
    """Items with a separator between them; the row may end early.

    Attributes:
        items: in order.
        separator: between two.
        least: items that have to be there.
        tail: what may follow all of them any number of times; None: nothing.
    """

    items: tuple[Expression, ...]
    separator: Expression
    least: int = 0
    tail: Expression | None = None


@dataclass(frozen=True)
class Members:
    """Items in order with a separator between those that are there.

    Attributes:
        items: each, and whether it has to be there.
        separator: between two.
    """

    items: tuple[tuple[Expression, bool], ...]
    separator: Expression


Expression = Lexeme | Reference | Concatenation | Choice | Repetition | Row | Members
EMPTY = Concatenation(())


@dataclass(frozen=True, eq=False)
class Grammar:
    """Rules and where to begin.

    Attributes:
        rules: by name.
        start: the name of the first.
        skipped: what may stand between lexemes; None: nothing.
        source: what it was made of, for messages.
    """

    rules: Mapping[str, Expression]
    start: str = "start"
    skipped: Automaton | None = None
    source: str = ""


def optional(item: Expression) -> Repetition:
    """It, or nothing."""
    return Repetition(item, 0, 1)
