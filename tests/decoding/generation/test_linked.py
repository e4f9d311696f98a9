"""Prompts cut into documents: what is read once, and that text is as behind linked ones."""

from __future__ import annotations

from typing import Any

import pytest

from tokenry.decoding.generation.linked import Linked
from tokenry.decoding.generation.linking import DocumentStore
from tokenry.decoding.generation.method import Request
from tokenry.decoding.generation.registry import method
from tokenry.errors import ModelError, UnsupportedError
from tokenry.models import causal_model

pytest.importorskip("torch")
pytest.importorskip("transformers")

from tiny_models import example

FIRST, SECOND, REST = [3, 1, 4, 1], [5, 9, 2, 6], [5, 3, 5]
PROMPT = FIRST + SECOND + REST


def likeliest(model: Any, links: tuple[int, ...], count: int) -> tuple[int, ...]:
    """Ids behind linked documents, read id by id."""
    state = DocumentStore(model, links).context([FIRST, SECOND])
    found = model.extend(state, [REST])
    ids: list[int] = []
    for _ in range(count):
        ids.append(int(found.last[0].argmax()))
        found = model.extend(found.state, [ids[-1:]])
    return tuple(ids)


@pytest.mark.parametrize("links", [(), (20, 21)])
@pytest.mark.parametrize("name", ["small", "transformers, llama"])
def test_ids_are_those_behind_linked_documents(name: str, links: tuple[int, ...]) -> None:
    model, how = causal_model(example(name)), Linked(length=4, links=links)
    other = FIRST + REST
    found = how.generate(model, [PROMPT, other], Request(6))
    assert found[0].ids == likeliest(model, links, 6)
    assert found[1].ids == how.generate(model, [other], Request(6))[0].ids


def test_a_document_is_read_for_the_first_prompt_that_has_it() -> None:
    model, how = causal_model(example("small")), Linked(length=4)
    once, again = (how.generate(model, [PROMPT], Request(3))[0] for _ in range(2))
    assert once.ids == again.ids
    assert once.positions == len(PROMPT) + 2
    assert again.positions == len(REST) + 2
    assert again.calls == once.calls - 2


def test_a_prompt_of_one_document_is_plain_text() -> None:
    for name in ("small", "small, learned positions"):
        model = causal_model(example(name))
        plain = method("plain").generate(model, [PROMPT], Request(6))
        assert Linked().generate(model, [PROMPT], Request(6)) == plain


@pytest.mark.parametrize("name", ["small, learned positions", "transformers, gpt2", "enumerable"])
def test_models_whose_keys_cannot_be_moved_are_refused(name: str) -> None:
    with pytest.raises(UnsupportedError, match=r"moved|cache"):
        Linked(length=4).generate(causal_model(example(name)), [PROMPT], Request(3))


def test_documents_have_a_length() -> None:
    with pytest.raises(ModelError, match="length=0"):
        Linked(length=0)
