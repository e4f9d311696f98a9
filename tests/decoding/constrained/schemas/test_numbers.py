"""Literals of numbers between bounds are those whose value stands there."""

from __future__ import annotations

import itertools
import random
import re
from decimal import Decimal
from fractions import Fraction

from shares import draw, share
from tokenry.decoding.constrained.automaton import Automaton
from tokenry.decoding.constrained.schemas.kinds import Bound, Figure
from tokenry.decoding.constrained.schemas.numbers import is_empty, number_language

LITERAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
WRITTEN = [
    "".join(each)
    for size in range(1, 6)
    for each in itertools.product("-.0159", repeat=size)
    if LITERAL.fullmatch("".join(each))
]


def has(automaton: Automaton, text: str) -> bool:
    state = automaton.start()
    for byte in text.encode():
        state = None if state is None else automaton.step(state, byte)
    return state is not None and automaton.last in state


def bound(source: random.Random) -> Bound | None:
    value = Decimal(source.randint(-12, 12)) / source.choice((1, 1, 2, 10, 20))
    return None if source.random() < 0.25 else Bound(value, source.random() < 0.4)


def inside(figure: Figure, value: Decimal) -> bool:
    low, high = figure.low, figure.high
    above = low is None or value > low.value or (value == low.value and not low.open)
    below = high is None or value < high.value or (value == high.value and not high.open)
    return above and below


def test_literals_between_bounds() -> None:
    source = draw("bounds")
    for _ in range(share(160)):
        figure = Figure(bound(source), bound(source), source.random() < 0.5)
        if figure.low is None and figure.high is None:
            continue
        if figure.low and figure.high and figure.low.value == figure.high.value:
            continue  # one way to write it, below
        language = number_language(figure)
        for text in source.sample(WRITTEN, 300):
            minus_zero = text.startswith("-") and not Decimal(text)
            expected = inside(figure, Decimal(text)) and not (figure.whole and "." in text)
            assert not has(language, text.replace("0", "/", 1)) or "0" not in text
            if not minus_zero:  # which is read where zero is, or not at all
                assert has(language, text) == expected, (figure, text)
        empty = figure.whole and not any(inside(figure, Decimal(n)) for n in range(-14, 15))
        assert is_empty(figure) == (empty or language.start() is None), figure


def test_multiples() -> None:
    source = draw("multiples")
    for factor in ("1", "3", "0.5", "0.25", "0.01", "12", "1.5", "10"):
        places = max(0, -int(Decimal(factor).as_tuple().exponent))
        language = number_language(Figure(factor=Decimal(factor)))
        for text in source.sample(WRITTEN, 400):
            short = len(text.partition(".")[2]) <= places
            multiple = not Fraction(text) % Fraction(factor)
            assert has(language, text) == (multiple and short), (factor, text)
        assert not has(language, "3e2")


def test_single_values_have_one_literal() -> None:
    for value, text in (
        ("1.50", "1.5"),
        ("-0.0", "-0"),
        ("0", "0"),
        ("1E+3", "1000"),
        ("-7", "-7"),
    ):
        at = Bound(Decimal(value))
        assert has(number_language(Figure(at, at)), text)
        assert not has(number_language(Figure(at, at)), f"{text}0")
    half = Bound(Decimal("0.5"))
    assert number_language(Figure(half, half, whole=True)).start() is None
    assert number_language(Figure(half, Bound(Decimal("0.5"), open=True))).start() is None


def test_large_numbers_cost_few_states() -> None:
    high = Bound(Decimal(2**63 - 1))
    language = number_language(Figure(Bound(Decimal(-(2**63))), high, whole=True))
    assert language.states < 500
    assert has(language, str(2**63 - 1))
    assert not has(language, str(2**63))
    assert has(language, str(-(2**63)))
    assert not has(language, str(-(2**63) - 1))
