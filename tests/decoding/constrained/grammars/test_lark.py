"""Lark's notation means what llguidance takes it for, and what it cannot mean is named."""

from __future__ import annotations

import pytest

from tokenry.decoding.constrained import own_grammar, satisfies
from tokenry.errors import ConstraintError

CALCULATOR = """
?start: sum
sum: product | sum "+" product | sum "-" product -> less   // left recursion
product: atom | product "*" atom
atom: NUMBER | "-" atom
    | "(" sum ")"  # on a line of its own
%import common.NUMBER
%import common.WS_INLINE
%ignore WS_INLINE
"""
GRAMMARS = {
    'start: "a" "b"\n%ignore / +/': ("ab", "a b", "a  b", " ab", "ab ", "ba"),
    'start: x~2..3\nx: "a" | "b"': ("ab", "aba", "a", "abab"),
    'start: x~2\nx: "a" | "b"': ("ab", "aba", "a"),
    'start: A{2,3} | B{2} | C{2,}\nA: "a"\nB: "b".."c"\nC: "d"': ("aa", "a", "bc", "bd", "dddd"),
    'start: (x | "(" start ")")+\nx: /[0-9]+/': ("1", "(1)", "(1)(2)12", "()", "(1"),
    'start: "Ab"i ["c"]': ("aB", "AbC", "abc", "ab", "a"),
    'start: start "a" | ': ("", "a", "aaa", "b"),
    'start: "é\\n\\x41" /./ ': ("é\nAx", "é\nA中", "é\nA"),
    'start: X\nX: A & ~B\nA: /[a-c]+/\nB: "abc" | "b"': ("abc", "b", "ab", "abca", ""),
    'start: X Y?\nX: "a"+\nY: X "b" | "c"{2}': ("aa", "a", "acc", "ac"),
    'start: %json {"type": ["integer", "null"]} "!"': ("12!", "null!", "x!", "1.5!"),
    CALCULATOR: ("1+2", "1 + 2*(3-4)", "1+", "--1", " 1", "1 ", "(1", "1.5e3-.5"),
}


@pytest.mark.parametrize("grammar", GRAMMARS, ids=range(len(GRAMMARS)))
def test_texts_of_grammars(grammar: str) -> None:
    guided = pytest.importorskip("tokenry.decoding.constrained.guided")
    pytest.importorskip("llguidance")
    own, other = own_grammar(grammar), guided.guided_grammar(grammar)
    for text in GRAMMARS[grammar]:
        assert satisfies(own, text.encode()) == satisfies(other, text.encode()), text
    assert {satisfies(own, text.encode()) for text in GRAMMARS[grammar]} == {True, False}


@pytest.mark.parametrize(
    ("grammar", "why"),
    [
        ("start: other", "no rule 'other'"),
        ('x: "a"', "begins with the rule start"),
        ('start: A\nA: A "a"', "defined by itself"),
        ('start: "a"\nstart: "b"', "start is defined twice"),
        ('start: "a', "line 1: '\"' is no part of the notation"),
        ('start: "a"\n\nx: ("b"', "line 3: '' where '\\)' has to be"),
        ("start: /a(/", "no regular expression"),
        ("start: /a/m", "the flag m is not read"),
        ('start: "ab".."c"', "a range of two characters"),
        ("start: <|end|>", "<|end|> is not read here"),
        ("start: @other", "@other is not read here"),
        ("start[lazy]: /a+/", "options of start is not read"),
        ("start: X\n%import common.NOTHING -> X", "%import common.NOTHING is not read"),
        ("%declare X\nstart: X", "%declare is not read"),
        ("start: %json {]", "this is no JSON"),
        ('start: %json {"not": {}}', "the keyword 'not' is not read"),
        ('%ignore " "\nstart: %json {}', "%json beside %ignore is not read"),
        (f'start: {"(" * 2000}"a"{")" * 2000}', "more brackets in each other"),
        ('start: A & "b"\nA: b\nb: "c"', "no 'b'; define it"),
    ],
)
def test_what_is_not_read_is_named(grammar: str, why: str) -> None:
    with pytest.raises(ConstraintError, match=why.replace("|", r"\|") if "<" in why else why):
        own_grammar(grammar)
