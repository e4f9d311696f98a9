"""Masks allow exactly what consuming accepts, for every state and every id."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import tokenry
from benchmarks.mask_soundness import Held, Shared, check, opened
from benchmarks.parsers_agree import installed
from shares import SEED, draw, part
from small_tokenizers import learned
from tokenry.decoding.constrained import Predicate, Regex, TrieMasks
from tokenry.decoding.constrained.constraint import Constraint, State, advanced, satisfies
from tokenry.decoding.constrained.guided import GuidedMasks, guided_grammar, guided_schema
from tokenry.decoding.spelling import writing
from tokenry.errors import ConstraintError

SMALL = {
    "type": "object",
    "properties": {"name": {"type": "string", "maxLength": 5}, "n": {"type": "integer"}},
    "required": ["n"],
    "additionalProperties": False,
}


def pieces() -> tuple[bytes | None, ...]:
    return writing(tokenry.load(learned(900)))


@pytest.mark.parametrize(
    "constraint",
    [
        Regex(r"(ab|[^\W\d]+ )*\d{2}"),
        Predicate(lambda text: text == bytes(sorted(text)) and len(text) < 5),
    ],
    ids=["expression", "function"],
)  # fmt: skip
def test_the_mask_of_a_walk_is_what_is_consumed(constraint: Constraint) -> None:
    every = pieces()
    masks = TrieMasks(constraint, every)
    source = draw("walk")
    state: State | None = constraint.start()
    for _ in range(5):
        assert state is not None
        mask = masks.mask(state)
        for id_ in range(len(every)):
            assert mask[id_] == (masks.consume(state, id_) is not None)
        allowed = np.flatnonzero(mask)
        if not len(allowed):
            break
        state = masks.consume(state, int(source.choice(allowed.tolist())))


def test_ids_that_write_nothing_are_never_allowed() -> None:
    every = (b"a", None, b"", b"ab")
    mask = TrieMasks(Regex(".*"), every).mask(Regex(".*").start())
    masks = TrieMasks(Regex(".*"), every)
    assert masks.mask(Regex(".*").start()).tolist() == mask.tolist() == [True, False, False, True]


def vocabularies() -> dict[str, tuple[bytes | None, ...]]:
    return {str(size): writing(tokenry.load(learned(size))) for size in (600, 900)}


def test_masks_of_published_schemas_are_sound() -> None:
    """Every id, our own masks and llguidance's; `python -m benchmarks.mask_soundness` does more."""
    pytest.importorskip("llguidance")
    shared, held = Shared(vocabularies()), Held()
    for schema in (SMALL, *part([each for _, each in installed()])):
        check(str(schema)[:40], schema, shared, 4, held, str(SEED), alone=1)
    assert not held.wrong, held.wrong
    assert held.states >= 4
    assert held.alone == held.states * len(shared.pieces)


@pytest.mark.shared
@pytest.mark.slow
def test_masks_of_published_tokenizers_are_sound(tokenizer_files: Path) -> None:
    pytest.importorskip("llguidance")
    names = ("gpt-2_tokenizer.json", "llama_tokenizer.json", "cl100k_base.tiktoken")
    shared, held = Shared(opened([str(tokenizer_files / name) for name in names])), Held()
    for name, schema in installed():
        check(name, schema, shared, 6, held, str(SEED))
    assert not held.wrong, held.wrong
    assert held.states > 50


def test_a_vocabulary_without_some_bytes_has_masks() -> None:
    pytest.importorskip("llguidance")
    every = (b"{}", b'{"', b"n", b'":', b"1", b"}", b"12", None)
    constraint = guided_schema(SMALL, whitespace_flexible=False)
    guided, walked = GuidedMasks(constraint, every), TrieMasks(constraint, every)
    state = advanced(constraint, constraint.start(), b'{"n":1')
    assert guided.mask(state).tolist() == walked.mask(state).tolist()
    assert np.flatnonzero(walked.mask(state)).tolist() == [4, 5, 6]
    between = advanced(constraint, constraint.start(), b'{"n"')
    with pytest.raises(ConstraintError, match="no ids write"):
        guided.mask(between)


def test_grammars_and_their_errors() -> None:
    pytest.importorskip("llguidance")
    grammar = guided_grammar('start: "(" start ")" | "x"')
    assert satisfies(grammar, b"((x))")
    assert not satisfies(grammar, b"((x)")
    with pytest.raises(ConstraintError, match="llguidance cannot read this grammar"):
        guided_grammar("start: other")
    with pytest.raises(ConstraintError, match="llguidance cannot read"):
        guided_schema({"type": "nothing"})
