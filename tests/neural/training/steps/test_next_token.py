"""Next token: what a place does not see does not count."""

from __future__ import annotations

import numpy as np
import pytest

from tokenry.decoding.generation.linking import linked_sight
from tokenry.models import causal_model
from tokenry.neural import Transformer

pytest.importorskip("torch")

from tokenry.decoding.generation.linking import DocumentStore
from tokenry.models import log_softmax
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.steps.next_token import NextToken


def test_losses_under_the_sight_of_linked_documents_are_those_of_their_caches() -> None:
    model = Transformer.small(12, width=16, layers=2, heads=2).build(seed=1)
    documents, links, rest = [[3, 1, 4], [1, 5]], [10, 11], [7, 8, 2]
    row = [id_ for each in documents for id_ in (*each, *links)] + rest
    sight = linked_sight([*map(len, documents)], len(links), len(rest) - 1)
    given = {"ids": np.array([row]), "prompts": np.array([len(row) - 2]), "seen": sight[None]}
    losses = NextToken()(model, Batch(given).on("cpu", 0.0))
    causal = causal_model(model)
    context = DocumentStore(causal, links).context(documents)
    rows = log_softmax(causal.extend(context, [rest[:-1]], logits="all").logits[0])
    expected = -rows[[0, 1], rest[1:]].sum()
    assert losses.total.item() == pytest.approx(expected, rel=1e-5)
    assert losses.units == 2
