"""The parser accepts the texts that a grammar derives, and begins those that can be ended."""

from __future__ import annotations

import itertools
import random

from shares import draw, share
from tokenry.decoding.constrained import GrammarConstraint, Regex, algebra, satisfies
from tokenry.decoding.constrained.constraint import State, advanced
from tokenry.decoding.constrained.grammars.grammar import (
    EMPTY,
    Choice,
    Concatenation,
    Expression,
    Grammar,
    Lexeme,
    Members,
    Reference,
    Repetition,
    Row,
)

LONGEST = 6
WORDS = [bytes(each) for n in range(LONGEST + 1) for each in itertools.product(b"ab", repeat=n)]


def sign(text: bytes) -> Lexeme:
    return Lexeme(algebra.literal(text))


Texts = frozenset[bytes]
NAMES = ("start", "one", "two")


class Derived:
    """The oracle: short texts of each rule, by adding until nothing is new."""

    def __init__(self, rules: dict[str, Expression]) -> None:
        self.texts: dict[str, Texts] = dict.fromkeys(rules, frozenset())
        while True:
            found = {name: self.of(rule) for name, rule in rules.items()}
            if found == self.texts:
                break
            self.texts = found

    def of(self, expression: Expression) -> Texts:
        match expression:
            case Lexeme():
                return self._lexeme(expression)
            case Reference(rule):
                return self.texts[rule]
            case Concatenation(items):
                return self._joined([self.of(item) for item in items])
            case Choice(items):
                return frozenset().union(*map(self.of, items))
            case Repetition(item, low, high):
                inner, found = self.of(item), frozenset[bytes]()
                for count in range(low, (LONGEST + low if high is None else high) + 1):
                    found |= self._joined([inner] * count)
                return found
            case Row(items, separator, least, tail):
                return self._row(items, separator, least, tail)
            case Members(members, separator):
                found = frozenset[bytes]()
                for kept in itertools.product((False, True), repeat=len(members)):
                    if all(
                        there or not needed
                        for there, (_, needed) in zip(kept, members, strict=True)
                    ):
                        chosen = [i for there, (i, _) in zip(kept, members, strict=True) if there]
                        found |= self._separated(chosen, separator)
                return found
        raise AssertionError(expression)

    def _row(
        self,
        items: tuple[Expression, ...],
        separator: Expression,
        least: int,
        tail: Expression | None,
    ) -> Texts:
        found = frozenset[bytes]()
        for count in range(least, len(items) + 1):
            found |= self._separated(list(items[:count]), separator)
        for more in range(1, LONGEST + 1) if tail is not None else ():
            assert tail is not None
            found |= self._separated([*items, *[tail] * more], separator)
        return found

    def _separated(self, items: list[Expression], separator: Expression) -> Texts:
        parts = [self.of(item) for item in items]
        between = self.of(separator)
        return self._joined([p for part in parts for p in (between, part)][1:])

    @staticmethod
    def _lexeme(expression: Lexeme) -> Texts:
        language, found = expression.language, []
        for word in WORDS:
            state = language.start()
            for byte in word:
                state = None if state is None else language.step(state, byte)
            if state is not None and language.last in state:
                found.append(word)
        return frozenset(found)

    @staticmethod
    def _joined(parts: list[Texts]) -> Texts:
        found = {b""}
        for part in parts:
            found = {a + b for a in found for b in part if len(a + b) <= LONGEST}
        return frozenset(found)


def drawn(source: random.Random, depth: int = 2) -> Expression:
    kind = source.randrange(9 if depth else 3)
    inner = lambda: drawn(source, depth - 1)  # noqa: E731
    if kind < 2:
        return sign(source.choice((b"a", b"b", b"ab", b"")))
    if kind == 2:
        return Reference(source.choice(NAMES))
    if kind == 3:
        return Lexeme(Regex(source.choice(("a*b", "[ab]", "(ab)*"))).language)
    if kind == 4:
        return Repetition(inner(), source.randint(0, 1), source.choice((None, 2)))
    if kind == 5:
        items = tuple(inner() for _ in range(source.randint(0, 2)))
        return Row(
            items, sign(b"b"), source.randint(0, len(items)), source.choice((None, sign(b"a")))
        )
    if kind == 6:
        return Members(tuple((inner(), source.random() < 0.4) for _ in range(2)), sign(b"b"))
    make = Concatenation if kind == 7 else Choice
    return make(tuple(inner() for _ in range(source.randint(0, 3))))


def test_texts_are_those_that_are_derived() -> None:
    """Of grammars with recursion of every kind, ambiguous ones, and some that have no text."""
    source = draw("grammars")
    for _ in range(share(150)):
        rules = {name: drawn(source) for name in NAMES}
        derived, parsed = Derived(rules).texts["start"], GrammarConstraint(Grammar(rules))
        for word in WORDS:
            assert satisfies(parsed, word) == (word in derived), (word, rules)


def can_end(parsed: GrammarConstraint, state: State, most: int = 4000) -> bool:
    left, seen = [state], {state}
    while left and len(seen) < most:
        at = left.pop(0)
        if parsed.is_complete(at):
            return True
        for byte in b"ab":
            after = parsed.advance(at, byte)
            if after is not None and after not in seen:
                seen.add(after)
                left.append(after)
    return bool(left)


def test_what_is_begun_can_be_ended() -> None:
    source = draw("ends of grammars")
    for _ in range(share(150)):
        parsed = GrammarConstraint(Grammar({name: drawn(source) for name in NAMES}))
        for word in source.sample(WORDS, 20):
            state = advanced(parsed, parsed.start(), word)
            assert state is None or can_end(parsed, state)


def test_states_that_go_on_alike_are_one() -> None:
    """So masks of the items of a list are found once."""
    value = Choice(
        (
            sign(b"b"),
            Concatenation((sign(b"["), Row((), sign(b","), 0, Reference("start")), sign(b"]"))),
        )
    )
    parsed = GrammarConstraint(Grammar({"start": value}))
    states = [advanced(parsed, parsed.start(), text) for text in (b"[b,", b"[b,b,", b"[b,[b],")]
    assert states[0] is states[1] is states[2] is not None
    assert advanced(parsed, parsed.start(), b"[[b,") is not states[0]
    assert hash(states[0]) == hash(states[1])


def test_deep_texts_are_read() -> None:
    """Each level costs one more column; left and right recursion cost no more."""
    nested = GrammarConstraint(
        Grammar(
            {"start": Choice((EMPTY, Concatenation((sign(b"a"), Reference("start"), sign(b"b")))))}
        )
    )
    assert satisfies(nested, b"a" * 3000 + b"b" * 3000)
    assert not satisfies(nested, b"a" * 3000 + b"b" * 2999)
    left = GrammarConstraint(
        Grammar({"start": Choice((EMPTY, Concatenation((Reference("start"), sign(b"a")))))})
    )
    assert satisfies(left, b"a" * 5000)


def test_what_is_skipped_stands_between_lexemes() -> None:
    blank = algebra.repeated(algebra.literal(b" "), 1, None)
    parsed = GrammarConstraint(Grammar({"start": Repetition(sign(b"ab"), 1)}, skipped=blank))
    for text, fits in (
        (b"ab", True),
        (b"abab", True),
        (b"ab  ab", True),
        (b" ab", False),
        (b"a b", False),
    ):
        assert satisfies(parsed, text) == fits, text
