"""Masks allow exactly what consuming accepts, for every state and every id."""

from __future__ import annotations

import json
import random
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tokenry
from benchmarks.mask_soundness import Vocabulary, check, states
from shares import SEED, draw, part
from small_tokenizers import learned
from tokenry.decoding.constrained import Predicate, Regex, TrieMasks, json_schema, lark_grammar
from tokenry.decoding.constrained.constraint import Constraint, State, advanced, satisfies
from tokenry.decoding.constrained.guided import GuidedMasks
from tokenry.decoding.spelling import writing
from tokenry.errors import ConstraintError

PACKAGES = ("nbformat", "jsonschema_specifications", "cmake", "setuptools", "scikit_build_core")
SMALL = {
    "type": "object",
    "properties": {"name": {"type": "string", "maxLength": 5}, "n": {"type": "integer"}},
    "required": ["n"],
    "additionalProperties": False,
}


def pieces() -> tuple[bytes | None, ...]:
    return writing(tokenry.load(learned(900)))


def published() -> list[Path]:
    """Schemas that installed packages bring, and our own."""
    folders = [Path(__file__).parents[3] / "docs" / "formats"]
    for name in PACKAGES:
        spec = find_spec(name)
        folders += [Path(each) for each in spec.submodule_search_locations or ()] if spec else []
    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*.json")):
            content = path.read_bytes()
            if b'"$schema"' in content and isinstance(json.loads(content), dict):
                found.append(path)
    return found


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


@pytest.mark.slow
def test_published_schemas_are_sound() -> None:
    """`python -m benchmarks.mask_soundness` holds SchemaStore's to whole vocabularies."""
    pytest.importorskip("llguidance")
    vocabulary = Vocabulary.of(tokenry.load(learned(900)))
    held = 0
    for path in part(published()):
        schema: dict[str, Any] = json.loads(path.read_bytes())
        try:
            held += check(schema, vocabulary, 6, f"{SEED} {path.name}")[0]
        except ConstraintError:
            continue  # llguidance does not read it, and says what it lacks
    assert held > 10


def test_a_schema_is_sound_and_says_what_satisfies_it() -> None:
    pytest.importorskip("llguidance")
    constraint = json_schema(SMALL, whitespace_flexible=False)
    assert satisfies(constraint, b'{"name":"abc","n":-3}')
    assert not satisfies(constraint, b'{"name":"abcdef","n":1}')
    assert not satisfies(constraint, b'{"name":"abc"}')
    every = pieces()
    guided, walked = GuidedMasks(constraint, every), TrieMasks(constraint, every)
    for state in states(constraint, 8, random.Random(SEED)):
        np.testing.assert_array_equal(guided.mask(state), walked.mask(state), str(state.text))


def test_a_vocabulary_without_some_bytes_has_masks() -> None:
    pytest.importorskip("llguidance")
    every = (b"{}", b'{"', b"n", b'":', b"1", b"}", b"12", None)
    constraint = json_schema(SMALL, whitespace_flexible=False)
    guided, walked = GuidedMasks(constraint, every), TrieMasks(constraint, every)
    state = advanced(constraint, constraint.start(), b'{"n":1')
    assert guided.mask(state).tolist() == walked.mask(state).tolist()
    assert np.flatnonzero(walked.mask(state)).tolist() == [4, 5, 6]
    between = advanced(constraint, constraint.start(), b'{"n"')
    with pytest.raises(ConstraintError, match="no ids write"):
        guided.mask(between)


def test_grammars_and_their_errors() -> None:
    pytest.importorskip("llguidance")
    grammar = lark_grammar('start: "(" start ")" | "x"')
    assert satisfies(grammar, b"((x))")
    assert not satisfies(grammar, b"((x)")
    with pytest.raises(ConstraintError, match="llguidance cannot read this grammar"):
        lark_grammar("start: other")
    with pytest.raises(ConstraintError, match="no JSON schema"):
        json_schema("{")
    with pytest.raises(ConstraintError, match="llguidance cannot read"):
        json_schema({"type": "nothing"})
