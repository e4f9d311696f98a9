"""Options of all learners: checked in one place, kept as JSON in what they make."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest

from tokenry.errors import LearnError
from tokenry.learning import KINDS, Bpe, learn, learner, learner_of
from tokenry.learning.registry import options_of
from tokenry.options import to_json

every_kind = pytest.mark.parametrize("kind", KINDS)
WRONG = [
    ("vocab_size", "32k"),
    ("vocab_size", True),
    ("vocab_size", 3.5),
    ("vocab_size", -1),
    ("vocab_size", 0),
    ("special_tokens", "abc"),
    ("special_tokens", ("a", 1)),
    ("special_tokens", None),
    ("pretokenizer", None),
    ("pretokenizer", 5),
    ("threads", 0),
    ("threads", 1.5),
    ("min_frequency", -1),
    ("min_frequency", "2"),
    ("max_piece_length", 0),
    ("max_piece_length", 2.5),
    ("seed", "a"),
    ("seed", None),
]


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [(kind, *wrong) for kind in KINDS for wrong in WRONG if wrong[0] in options_of(kind)],
)
def test_a_wrong_value_names_the_option(kind: str, name: str, value: object) -> None:
    with pytest.raises(LearnError, match=f"^{name} .*; expected "):
        learner(kind, **{name: value})


@every_kind
def test_every_option_refuses_an_object(kind: str) -> None:
    for name in options_of(kind):
        with pytest.raises(LearnError, match=f"^{name} "):
            learner(kind, **{name: object()})


def test_none_is_a_size_where_it_means_something() -> None:
    assert learner("equalinfo", vocab_size=None) == learner("equalinfo")
    with pytest.raises(LearnError, match=r"^vocab_size None; expected a whole number"):
        learner("bpe", vocab_size=None)


@every_kind
def test_options_are_written_and_read(kind: str) -> None:
    made = learner(kind, special_tokens=["<s>", "</s>"])
    text = to_json(made)
    assert set(json.loads(text)) == {each.name for each in fields(made) if each.repr} - {"threads"}
    assert learner_of({"learner": kind, "options": text}) == made


def test_metadata_make_the_learner_again() -> None:
    text = ["the cat sat on the mat and the other cats " * 9]
    given = {"vocab_size": 270, "merges": [(b"t", b"h")], "initial_alphabet": bytes(range(256))}
    tokenizer = learn(text, threads=1, **given)
    found = learner_of(tokenizer.metadata)
    assert found == Bpe(**given)  # type: ignore[arg-type]
    assert found.learn(text).fingerprint() == tokenizer.fingerprint()
    with pytest.raises(LearnError, match="name no learner"):
        learner_of({"format": "tiktoken"})


@every_kind
def test_going_on_is_declared(kind: str) -> None:
    found = KINDS.load(kind)
    assert found.kind == kind
    assert isinstance(found.resumes, bool)
    assert found.checkpointed.startswith("nothing: ") is not found.resumes
