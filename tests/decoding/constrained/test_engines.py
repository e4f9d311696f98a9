"""Schemas and grammars are llguidance's where it is installed, and our own parser's else."""

from __future__ import annotations

import numpy as np
import pytest

import tokenry
from small_tokenizers import learned
from tokenry.decoding.constrained import (
    GrammarConstraint,
    Guided,
    TrieMasks,
    engines,
    json_schema,
    lark_grammar,
    masks_of,
    satisfies,
)
from tokenry.decoding.constrained.constraint import advanced
from tokenry.decoding.spelling import writing
from tokenry.errors import ArgumentError, ConstraintError

SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
GRAMMAR = 'start: "(" start ")" | "x"'


def test_by_what_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Constraints and masks are the same; only the parser is another."""
    pytest.importorskip("llguidance")
    pieces = writing(tokenry.load(learned(900)))
    guided = json_schema(SCHEMA), lark_grammar(GRAMMAR)
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    own = json_schema(SCHEMA), lark_grammar(GRAMMAR)
    for its, mine, texts in zip(guided, own, ((b'{"a', b'{"a":1'), (b"((", b"(x")), strict=True):
        assert isinstance(its, Guided)
        assert isinstance(mine, GrammarConstraint)
        by_its, by_mine = masks_of(its, pieces), masks_of(mine, pieces)
        assert isinstance(by_mine, TrieMasks)
        for text in (b"", *texts):
            states = advanced(its, its.start(), text), advanced(mine, mine.start(), text)
            np.testing.assert_array_equal(by_its.mask(states[0]), by_mine.mask(states[1]))
    assert satisfies(own[0], b'{"a": 1}')
    assert satisfies(json_schema('{"type": "null"}'), b"null")


def test_errors_are_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        for schema in ("{", [], 3, {"type": "nothing"}):
            with pytest.raises((ArgumentError, ConstraintError)):
                json_schema(schema)  # type: ignore[arg-type]
        with pytest.raises(ConstraintError):
            lark_grammar("start: other")
        assert satisfies(json_schema(True), b"[1]")
        monkeypatch.setattr(engines, "find_spec", lambda name: None)
