"""Languages that are made of others have the texts that sets of texts have."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

import pytest

from shares import draw, share
from tokenry.decoding.constrained import Regex, algebra
from tokenry.decoding.constrained.automaton import Automaton
from tokenry.errors import ConstraintError

WORDS = [bytes(each) for n in range(6) for each in itertools.product(b"ab", repeat=n)]
PATTERNS = ("a*", "(ab|b)+", "b?a{2,3}", "", "[ab]{4}", "a.b|b", "(a*b)*")
Words = set[bytes]


def words(automaton: Automaton) -> Words:
    return {word for word in WORDS if has(automaton, word)}


def has(automaton: Automaton, word: bytes) -> bool:
    state = automaton.start()
    for byte in word:
        state = None if state is None else automaton.step(state, byte)
    return state is not None and automaton.last in state


def matched(pattern: str) -> Words:
    return {word for word in WORDS if re.fullmatch(pattern, word.decode())}


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (algebra.both, Words.intersection),
        (algebra.without, Words.difference),
        (lambda one, other: algebra.union([one, other]), Words.union),
    ],
    ids=["both", "without", "union"],
)
def test_pairs(
    made: Callable[[Automaton, Automaton], Automaton], expected: Callable[[Words, Words], Words]
) -> None:
    pairs = list(itertools.product(PATTERNS, repeat=2))
    for one, other in draw("pairs").sample(pairs, share(len(pairs))):
        found = made(Regex(one).language, Regex(other).language)
        assert words(found) == expected(matched(one), matched(other)), (one, other)
        assert found.start() is not None or not expected(matched(one), matched(other))


def test_rows_of_languages() -> None:
    for one, other in itertools.product(PATTERNS, repeat=2):
        found = algebra.concatenated([Regex(one).language, Regex(other).language])
        assert words(found) == matched(f"(?:{one})(?:{other})")
    for pattern in PATTERNS:
        for low, high in ((0, None), (2, None), (0, 0), (1, 3)):
            found = algebra.repeated(Regex(pattern).language, low, high)
            ending = "" if high is None else high
            assert words(found) == matched(f"(?:{pattern}){{{low},{ending}}}"), (pattern, low, high)


def test_ends_of_languages() -> None:
    assert words(algebra.literal(b"ab")) == {b"ab"}
    assert words(algebra.literal(b"")) == {b""}
    assert algebra.nothing().start() is None
    assert algebra.both(Regex("a").language, Regex("b").language).start() is None
    assert algebra.without(Regex("a+").language, Regex("a*").language).start() is None
    assert words(algebra.without(algebra.any_bytes(), Regex("a*").language)) == {
        word for word in WORDS if b"b" in word
    }
    assert words(algebra.union([])) == set()


def test_too_many_states_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(algebra, "MOST_STATES", 500)
    counts = [Regex("(?s:.*)a[ab]{16}").language, Regex("(?s:.*)b[ab]{15}").language]
    with pytest.raises(ConstraintError, match="more than 500 states"):
        algebra.both(*counts)
