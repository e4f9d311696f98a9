"""Named lexemes of a grammar: expressions that have no recursion, made regular languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce, singledispatchmethod
from typing import Final

from tokenry.decoding.constrained import algebra
from tokenry.decoding.constrained.automaton import Automaton
from tokenry.decoding.constrained.grammars import grammar as kinds
from tokenry.decoding.constrained.grammars.grammar import Expression, Lexeme, Reference
from tokenry.errors import ConstraintError

COMMON: Final = {
    "DIGIT": "[0-9]", "HEXDIGIT": "[0-9A-Fa-f]", "INT": "[0-9]+", "SIGNED_INT": "[-+]?[0-9]+",
    "DECIMAL": r"[0-9]+\.[0-9]*|\.[0-9]+",
    "FLOAT": r"([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+",
    "NUMBER": r"[0-9]+|([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+",
    "SIGNED_NUMBER":
        r"[-+]?([0-9]+|([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+)",
    "ESCAPED_STRING": r'"([^"\\]|\\.)*"',
    "LCASE_LETTER": "[a-z]", "UCASE_LETTER": "[A-Z]", "LETTER": "[A-Za-z]", "WORD": "[A-Za-z]+",
    "CNAME": "[_A-Za-z][_A-Za-z0-9]*", "WS_INLINE": r"[ \t]+", "WS": r"[ \t\f\r\n]+",
    "CR": r"\r", "LF": r"\n", "NEWLINE": r"(\r?\n)+",
}  # fmt: skip
"""Lexemes that ``%import common.NAME`` means."""


@dataclass(frozen=True)
class _Both:
    items: tuple[Expression, ...]


@dataclass(frozen=True)
class _Except:
    item: Expression


def both_of(items: Sequence[Expression]) -> Expression:
    """Texts that all have; of lexemes alone."""
    return _Both(tuple(items))  # type: ignore[return-value]


def except_for(item: Expression) -> Expression:
    """Bytes that are no text of it; of lexemes alone."""
    return _Except(item)  # type: ignore[return-value]


@dataclass
class Lexemes:
    """Lexemes by name."""

    _expressions: dict[str, Expression] = field(default_factory=dict)
    _known: dict[str, Lexeme] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)

    def __contains__(self, name: str) -> bool:
        return name in self._expressions

    def define(self, name: str, expression: Expression) -> None:
        """Name an expression."""
        self._expressions[name] = expression

    def language(self, expression: Expression) -> Automaton:
        """The regular language of an expression over lexemes."""
        return self._language(expression)

    def named(self, name: str) -> Lexeme:
        """The lexeme of a name.

        Raises:
            ConstraintError: it is not defined, or by itself.
        """
        if name not in self._known:
            if name not in self._expressions:
                raise ConstraintError(f"the grammar has no {name!r}; define it")
            if name in self._open:
                raise ConstraintError(f"{name} is defined by itself; only rules may be")
            self._open.append(name)
            self._known[name] = Lexeme(self._language(self._expressions[name]))
            self._open.pop()
        return self._known[name]

    def resolved(self, expression: Expression) -> Expression:
        """A rule with lexemes in the place of their names."""
        if isinstance(expression, Reference):
            known = expression.rule in self._expressions
            return self.named(expression.rule) if known else expression
        if isinstance(expression, kinds.Concatenation | kinds.Choice):
            return replace(expression, items=tuple(map(self.resolved, expression.items)))
        if isinstance(expression, kinds.Repetition):
            return replace(expression, item=self.resolved(expression.item))
        if isinstance(expression, _Both | _Except):
            return Lexeme(self._language(expression))
        return expression

    @staticmethod
    def renamed(rules: Mapping[str, Expression], prefix: str) -> dict[str, Expression]:
        """Rules under other names, so that they can stand beside others."""

        def moved(expression: Expression) -> Expression:
            match expression:
                case Reference(rule):
                    return Reference(prefix + rule)
                case kinds.Concatenation(items) | kinds.Choice(items):
                    return replace(expression, items=tuple(map(moved, items)))
                case kinds.Repetition(item):
                    return replace(expression, item=moved(item))
                case kinds.Row(items, separator, least, tail):
                    moved_tail = None if tail is None else moved(tail)
                    return kinds.Row(tuple(map(moved, items)), moved(separator), least, moved_tail)
                case kinds.Members(members, separator):
                    inner = tuple((moved(item), needed) for item, needed in members)
                    return kinds.Members(inner, moved(separator))
            return expression

        return {prefix + name: moved(rule) for name, rule in rules.items()}

    @singledispatchmethod
    def _language(self, expression: object) -> Automaton:
        raise ConstraintError(f"{expression!r} is no part of a lexeme")

    @_language.register
    def _of_lexeme(self, expression: Lexeme) -> Automaton:
        return expression.language

    @_language.register
    def _of_name(self, expression: Reference) -> Automaton:
        return self.named(expression.rule).language

    @_language.register
    def _of_sequence(self, expression: kinds.Concatenation) -> Automaton:
        return algebra.concatenated(map(self.language, expression.items))

    @_language.register
    def _of_choice(self, expression: kinds.Choice) -> Automaton:
        return algebra.union(map(self.language, expression.items))

    @_language.register
    def _of_repeat(self, expression: kinds.Repetition) -> Automaton:
        return algebra.repeated(self.language(expression.item), expression.low, expression.high)

    @_language.register
    def _of_both(self, expression: _Both) -> Automaton:
        return reduce(algebra.both, map(self.language, expression.items))

    @_language.register
    def _of_except(self, expression: _Except) -> Automaton:
        return algebra.without(algebra.any_bytes(), self.language(expression.item))
