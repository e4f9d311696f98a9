"""Patterns as trees."""

from __future__ import annotations

import pytest

from tokenry.text.patterns.characters import EVERYTHING, NOTHING, literal, members
from tokenry.text.patterns.syntax import (
    Alternatives,
    Atomic,
    Class,
    Condition,
    Look,
    NotReadError,
    Repeat,
    Sequence,
    backwards,
    may_be_empty,
    parse,
)

A, B = Class(literal("a")), Class(literal("b"))
NOT_A = Condition("after", EVERYTHING - literal("a"), True)


@pytest.mark.parametrize(
    ("pattern", "tree"),
    [
        ("a", A),
        ("ab|b", Alternatives((Sequence((A, B)), B))),
        ("(?V1)(?-f:a)", A),
        ("(?P<name>a)", A),
        ("a{2,}?", Repeat(A, 2, None, False)),
        ("a{,3}", Repeat(A, 0, 3, True)),
        ("", Sequence(())),
        ("(?=a)", Condition("after", literal("a"), False)),
        ("(?!a)", Condition("after", EVERYTHING - literal("a"), True)),
        (r"(?<=a|\A)", Condition("before", literal("a"), True)),
        (r"\Z", Condition("after", NOTHING, True)),
        ("(?m:^)", Condition("before", literal("\n"), True)),
        (".", Class(EVERYTHING - literal("\n"))),
        ("(?s:.)", Class(EVERYTHING)),
        ("(?=ab)", Look(Sequence((A, B)), True, False)),
        ("(?>ab)", Atomic(Sequence((A, B)))),
        ("a?+", Alternatives((Repeat(A, 1, 1, True), Sequence((Repeat(A, 0, 0, True), NOT_A))))),
        (r"[\p{L}&&[^ab]]", Class(members(r"\p{L}") - literal("a") - literal("b"))),
    ],
)
def test_trees(pattern, tree):
    assert parse(pattern) == tree


@pytest.mark.parametrize(
    "pattern",
    [r"(a)\1", "(?x:a b)", "a(?i)b", "*a", "a{2", "a**", "(a", "a)", "[a", "[]a]", "(?(1)a)",
     r"\Ga", r"\X", "(?:a*)*", "(?=a)*", "a{1001}", "a{3,2}", "(?i)ss", "a$", "(?#no)a", "a{e<=1}"],
)  # fmt: skip
def test_what_is_not_read(pattern):
    with pytest.raises(NotReadError, match=r"character|repeat"):
        parse(pattern)


def test_backwards():
    tree = backwards(parse(r"a(?:ab)*(?=b)"))
    assert tree == Sequence(
        (Condition("before", literal("b"), False), Repeat(Sequence((B, A)), 0, None, True), A)
    )
    with pytest.raises(NotReadError, match="within"):
        backwards(parse("a(?=ab)"))


def test_may_be_empty():
    found = [may_be_empty(parse(each)) for each in ("a", "a?", "a|b*", "(?=a)", "a*b", "(?=ab)")]
    assert found == [False, True, True, True, False, True]
