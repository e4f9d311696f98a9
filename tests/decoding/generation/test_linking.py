"""Linked documents: what is kept is what reading all at once under their mask gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tokenry.errors import ModelError, UnsupportedError
from tokenry.models import causal_model

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from tiny_models import example  # noqa: E402

from tokenry.decoding.generation.linking import DocumentStore, linked_sight  # noqa: E402

DOCUMENTS = [[3, 1, 4, 1], [5, 9, 2], [6, 5, 3, 5, 8]]
LINKS, REST = [20, 21], [7, 8]


def read_at_once(source: Any, links: list[int]) -> Any:
    """Logits after the rest, all read in one pass under the mask."""
    ids = [id_ for each in DOCUMENTS for id_ in (*each, *links)] + REST
    sight = linked_sight([*map(len, DOCUMENTS)], len(links), len(REST))
    seen = torch.from_numpy(sight)[None]
    with torch.no_grad():
        if hasattr(source, "backbone"):
            return source(torch.tensor([ids]), seen=seen)[0, -len(REST) :].numpy()
        lowest = torch.full((), torch.finfo(torch.float64).min, dtype=torch.float64)
        mask = torch.where(seen[:, None], torch.zeros_like(lowest), lowest)
        out = source(input_ids=torch.tensor([ids]), attention_mask=mask)
        return out.logits[0, -len(REST) :].numpy()


@pytest.mark.parametrize("links", [[], LINKS])
@pytest.mark.parametrize("name", ["small", "transformers, llama", "transformers, qwen3"])
def test_logits_are_those_of_one_pass(name: str, links: list[int]) -> None:
    model = causal_model(example(name))
    store = DocumentStore(model, links)
    found = model.extend(store.context(DOCUMENTS), [REST], logits="all").logits[0]
    np.testing.assert_allclose(found, read_at_once(example(name), links), atol=1e-5)


def test_documents_are_read_once_and_in_any_order() -> None:
    model = causal_model(example("small"))
    store = DocumentStore(model)
    store.context(DOCUMENTS)
    before = model.counters.positions
    again = store.context([DOCUMENTS[2], DOCUMENTS[0]])
    assert model.counters.positions == before
    assert again.ids[0].tolist() == DOCUMENTS[2] + DOCUMENTS[0]
    one = store.context(DOCUMENTS[:1])  # what was linked to a document has not changed it
    plain = model.start([DOCUMENTS[0]]).state
    for state in (one, plain):
        assert state.ids[0].tolist() == DOCUMENTS[0]
    found, expected = (model.extend(state, [REST]).last for state in (one, plain))
    np.testing.assert_allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize("name", ["small, learned positions", "transformers, gpt2", "enumerable"])
def test_keys_that_cannot_be_moved_are_refused(name: str) -> None:
    with pytest.raises(UnsupportedError, match=r"moved|cache"):
        DocumentStore(causal_model(example(name))).context(DOCUMENTS)


def test_a_context_has_documents() -> None:
    with pytest.raises(ModelError, match="one document"):
        DocumentStore(causal_model(example("small"))).context([])
