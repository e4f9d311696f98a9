"""Routing between two models: who gives which id, labels, a router that learns."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tokenry.decoding.generation.method import Request
from tokenry.decoding.generation.registry import method
from tokenry.decoding.generation.routing.labels import labelled, threshold_for_recall
from tokenry.decoding.generation.routing.routed import Routed
from tokenry.decoding.generation.routing.router import (
    EntropyRouter,
    RandomRouter,
    RoutingEvidence,
    entropy,
)
from tokenry.models import CausalModel, causal_model

pytest.importorskip("torch")
pytest.importorskip("transformers")

from tiny_models import VOCAB, example, small

from tokenry.decoding.generation.routing.learnt import RouterSizes, train_router

PROMPTS = [[3, 1, 4, 1], [5], [9, 2, 6]]
REQUEST = Request(10, ends=(1,))


def models() -> tuple[CausalModel, CausalModel]:
    """A large and a small one."""
    return causal_model(example("transformers, llama")), causal_model(small())


def plain(model: CausalModel) -> list[tuple[int, ...]]:
    return [each.ids for each in method("plain").generate(model, PROMPTS, REQUEST)]


@pytest.mark.parametrize("threshold", [-1.0, 99.0])
def test_all_or_nothing_is_one_of_the_two_models(threshold: float) -> None:
    large, little = models()
    found = Routed(EntropyRouter(threshold)).generate(large, PROMPTS, REQUEST, little)
    assert [each.ids for each in found] == plain(large if threshold < 0 else little)
    if threshold > 0:
        assert {(each.calls, each.positions) for each in found} == {(0, 0)}


def test_calls_and_positions_are_those_of_the_large_model() -> None:
    large, little = models()
    before = large.counters.copy()
    found = Routed(RandomRouter(0.5, seed=3)).generate(large, PROMPTS, REQUEST, little)
    done = large.counters - before
    assert sum(each.calls for each in found) == done.calls > 0
    assert sum(each.positions for each in found) == done.positions


def test_entropy_is_that_of_the_distribution() -> None:
    rows = np.array([[0, 0, 0, 0], [9, -90, -90, -90]], np.float32)
    assert entropy(rows) == pytest.approx([np.log(4), 0], abs=1e-6)


def test_labels_are_where_both_models_differ() -> None:
    large, little = models()
    texts = [[3, 1, 4, 1, 5, 9], [2, 6, 5]]
    found = labelled(little, large, texts, length=3)
    assert len(found.differs) == 5 + 2
    assert (found.divergent <= found.differs).all()
    row = 0
    for text in texts:
        for end in range(1, len(text)):
            likeliest = [int(m.start([text[:end]]).last[0].argmax()) for m in (little, large)]
            assert found.evidence.ids[row] == likeliest[0]
            assert found.differs[row] == (likeliest[0] != likeliest[1])
            row += 1
    same = labelled(large, large, texts)
    assert not same.differs.any()


@pytest.mark.parametrize("recall", [0.5, 0.95, 1.0])
def test_the_threshold_has_the_recall_that_was_asked_for(recall: float) -> None:
    source = np.random.default_rng(0)
    scores, divergent = source.random(200), source.random(200) < 0.2
    threshold = threshold_for_recall(scores, divergent, recall)
    sent = scores > threshold
    assert sent[divergent].mean() >= recall
    assert (scores > threshold + 1e-9)[divergent].mean() <= recall + 1 / divergent.sum()


def test_a_router_learns_what_can_be_seen() -> None:
    source = np.random.default_rng(1)

    def places(count: int) -> tuple[RoutingEvidence, NDArray[np.bool_]]:
        hidden = source.normal(size=(count, 8)).astype(np.float32)
        logits = source.normal(size=(count, VOCAB)).astype(np.float32)
        return RoutingEvidence(logits, hidden, logits.argmax(-1)), hidden[:, 0] > 1

    from tokenry.decoding.generation.routing.labels import Labelled

    (learnt, hard), (held, held_hard) = places(600), places(300)
    rows = source.normal(size=(VOCAB, 8)).astype(np.float32)
    router = train_router(
        Labelled(learnt, hard, hard),
        Labelled(held, held_hard, held_hard),
        rows,
        RouterSizes(width=32, blocks=1, steps=150, batch=64, rate=3e-3),
    )
    fresh, truth = places(300)
    sent = router.scores(fresh) > router.threshold
    assert sent[truth].mean() > 0.8
    assert sent[~truth].mean() < 0.3
