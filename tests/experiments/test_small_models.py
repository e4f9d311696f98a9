"""Small models learn what they should, the same for a seed, and count every id once."""

from __future__ import annotations

import math

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from experiments.small_models import (  # noqa: E402
    Schedule,
    Shape,
    Transformer,
    bits_per_byte,
    give_answers,
    predict_labels,
    train_answers,
    train_classifier,
    train_language_model,
)
from experiments.small_models.language import cut  # noqa: E402
from experiments.small_models.training import PAD, orders  # noqa: E402

TINY = Shape(width=32, layers=2, heads=2, context=16)


def test_stretches_predict_every_id_once() -> None:
    documents = [[1, 2, 3], [4] * 20, [5]]
    rows = cut(documents, 9, 8)
    targets = rows[:, 1:].flatten()
    assert targets[targets != PAD].tolist() == [1, 2, 3, 9, *[4] * 20, 9, 5, 9]
    assert rows[1:, 0].tolist() == rows[:-1, -1].tolist()


def test_an_untrained_model_needs_the_bits_of_chance() -> None:
    torch.manual_seed(0)
    model = Transformer(257, TINY)
    text = bytes(range(256)) * 4
    bits = bits_per_byte(model, [list(text)], len(text))
    assert bits == pytest.approx(math.log2(257), rel=0.02)


def test_learns_a_pattern_the_same_for_a_seed() -> None:
    documents = [[1, 2, 3, 4, 5, 6, 7] * 10] * 40
    schedule = Schedule(batch=8, rate=1e-2)
    first, second, other = (
        train_language_model(documents, 8, shape=TINY, schedule=schedule, seed=seed)
        for seed in (1, 1, 2)
    )
    held = [[1, 2, 3, 4, 5, 6, 7] * 5]
    assert bits_per_byte(first, held, 35) < 0.6
    assert torch.equal(first.rows.weight, second.rows.weight)
    assert not torch.equal(first.rows.weight, other.rows.weight)


def test_a_position_sees_only_what_stands_before() -> None:
    torch.manual_seed(0)
    model = Transformer(20, TINY).eval()
    ids = torch.randint(0, 20, (1, 12))
    changed = ids.clone()
    changed[0, 7:] = (changed[0, 7:] + 1) % 20
    assert torch.allclose(model(ids)[:, :7], model(changed)[:, :7], atol=1e-6)
    assert not torch.allclose(model(ids)[:, 7:], model(changed)[:, 7:], atol=1e-3)


def test_padding_changes_no_label() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, 200)
    documents = [
        [*rng.integers(2, 9, rng.integers(1, 10)).tolist(), int(label)] for label in labels
    ]
    model = train_classifier(
        documents, labels, 9, classes=2, shape=TINY, schedule=Schedule(passes=6, rate=3e-3)
    )
    together = predict_labels(model, documents)
    assert (together == labels).mean() > 0.95
    alone = [predict_labels(model, [each])[0] for each in documents[:20]]
    assert together[:20].tolist() == alone


def test_answers_end_where_they_should() -> None:
    rng = np.random.default_rng(0)
    prompts = [[*rng.integers(0, 4, rng.integers(1, 4)).tolist(), 4] for _ in range(800)]
    answers = [prompt[-2:-1] * (1 + prompt[-2] % 2) for prompt in prompts]
    model = train_answers(
        prompts, answers, 5, shape=TINY, schedule=Schedule(batch=32, passes=6, rate=5e-3)
    )
    found = give_answers(model, prompts[:100], 4)
    assert np.mean([a == b for a, b in zip(found, answers, strict=False)]) > 0.95


def test_every_index_comes_once_a_pass() -> None:
    batches = orders(10, Schedule(batch=3, passes=2), seed=1)
    assert sorted(np.concatenate(batches).tolist()) == sorted([*range(10)] * 2)
