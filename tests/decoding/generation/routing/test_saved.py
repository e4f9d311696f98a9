"""Routers that are made of two models, written, and opened again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tokenry.decoding.generation.method import Request
from tokenry.decoding.generation.routing.labels import labelled
from tokenry.decoding.generation.routing.making import make_router, rows_of_ids
from tokenry.decoding.generation.routing.saved import open_router, save_router
from tokenry.errors import ModelError
from tokenry.models import CausalModel, causal_model

pytest.importorskip("torch")
pytest.importorskip("transformers")

from tiny_models import VOCAB, WIDTH, example, of_transformers, small

from tokenry.decoding.generation.routing.learnt import LearntRouter, RouterSizes

PROMPTS = [[3, 1, 4, 1], [5], [9, 2, 6], [5, 3, 5], [8, 9], [7, 9, 3]]
SIZES = RouterSizes(width=8, blocks=1, steps=4, batch=8, recall=0.9)


@pytest.fixture(scope="module")
def models() -> tuple[CausalModel, CausalModel]:
    """A large and a small one."""
    return causal_model(example("transformers, llama")), causal_model(small())


@pytest.fixture(scope="module")
def router(models: tuple[CausalModel, CausalModel]) -> LearntRouter:
    return make_router(*models, PROMPTS, Request(8, ends=(1,)), SIZES)


def test_it_says_the_same_when_it_is_opened_again(
    models: tuple[CausalModel, CausalModel], router: LearntRouter, tmp_path: Path
) -> None:
    folder = save_router(router, tmp_path / "router")
    again = open_router(folder, models[1])
    seen = labelled(models[1], models[0], [[2, 7, 1, 8]]).evidence
    assert again.threshold == router.threshold
    assert np.array_equal(again.scores(seen), router.scores(seen))
    assert sum(each.stat().st_size for each in folder.iterdir()) < 40_000  # without rows of ids


def test_the_threshold_is_chosen_on_prompts_that_it_does_not_learn_from(
    models: tuple[CausalModel, CausalModel], router: LearntRouter
) -> None:
    other = make_router(*models, PROMPTS[:1] + PROMPTS[2:3] * 3, Request(8, ends=(1,)), SIZES)
    assert other.threshold != router.threshold
    assert 0 < router.threshold < 1


def test_rows_are_what_ids_are_read_as() -> None:
    model = small()
    import torch

    with torch.no_grad():
        expected = model.embed(torch.arange(VOCAB)[None])[0].numpy()
    assert rows_of_ids(causal_model(model)) == pytest.approx(expected)
    assert expected.shape == (VOCAB, WIDTH)


def test_what_cannot_be_opened_or_made(
    models: tuple[CausalModel, CausalModel], router: LearntRouter, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match=r"no config\.json"):
        open_router(tmp_path, models[1])
    folder = save_router(router, tmp_path / "router")
    wider = causal_model(of_transformers("Llama", hidden_size=2 * WIDTH))
    with pytest.raises(ModelError, match="vectors of 32, and this one has 23 and 64"):
        open_router(folder, wider)
    (folder / "config.json").write_text("{}")
    with pytest.raises(ModelError, match="train-router"):
        open_router(folder, models[1])
    with pytest.raises(ModelError, match="expected 2 or more"):
        make_router(*models, PROMPTS[:1], Request(4))
    with pytest.raises(ModelError, match="part at none"):
        make_router(models[0], models[0], PROMPTS, Request(4))
