"""What every recipe promises: short, of two sizes, with the published tokens and bits."""

from __future__ import annotations

import inspect
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shares import part
from tokenry.neural import from_json, to_json
from tokenry.signals.assembly import Assembly
from tokenry.signals.codec import Codec
from tokenry.signals.recipe import row_of
from tokenry.signals.recipes.registry import RECIPES
from tokenry.signals.sources.text import text_ids

torch = pytest.importorskip("torch")
MOST_LINES = 120


@pytest.mark.parametrize("name", RECIPES)
def test_is_short_and_says_its_source(name: str) -> None:
    module = inspect.getmodule(RECIPES.load(name).fill)
    assert module is not None
    text = Path(str(module.__file__)).read_text()
    assert len(text.splitlines()) <= MOST_LINES
    assert "Source: " in (module.__doc__ or "")
    assert RECIPES.entry(name).source


@pytest.mark.parametrize("name", RECIPES)
@pytest.mark.parametrize("size", ["laptop", "paper"])
def test_is_data_that_is_saved(name: str, size: str) -> None:
    made = RECIPES.load(name).assembly(size)
    assert from_json(to_json(made)) == made
    assert all(row_of(made).values())


@pytest.mark.parametrize("name", RECIPES)
def test_the_paper_size_has_the_published_tokens_and_bits(name: str) -> None:
    recipe = RECIPES.load(name)
    made = recipe.assembly("paper")
    network = made.build(device="meta")
    assert sum(each.numel() for each in network.parameters()) > 1e6
    published = recipe.published
    assert published.where
    assert published.tokens in (None, made.tokens)
    assert published.bits is None or published.bits == pytest.approx(made.bits)
    if published.parameters is not None:
        ours = sum(each.numel() for each in network.parameters())
        assert ours == pytest.approx(published.parameters, rel=0.05)


def told_of(made: Assembly) -> dict[str, Any]:
    """What two images are told to be."""
    names = made.conditioner.facts
    return {"text": text_ids(["one", "other"], made.conditioner.source.length)} if names else {}


@pytest.mark.parametrize("name", part(list(RECIPES)))
def test_the_laptop_size_takes_a_step_encodes_and_decodes(name: str) -> None:
    made = RECIPES.load(name).assembly("laptop")
    made = replace(made, training=replace(made.training, batch=2))
    rng = np.random.default_rng(1)
    items = rng.integers(0, 256, (2, *made.carrier.shape[1:], 3), dtype=np.uint8)
    network = made.build(seed=1).train()
    told = told_of(made)
    facts = {each: torch.as_tensor(its) for each, its in told.items()}
    passed = network(torch.from_numpy(made.carrier.values(items)), facts, 0.5)
    loss = (passed.decoded.values - passed.values).square().mean()
    loss.backward()
    assert torch.isfinite(loss)
    codec = Codec(network)
    codes = codec.encode(items, facts=told)
    assert codec.decode(codes, facts=told).shape == items.shape
    assert (codes.bits <= made.bits + codes.side_bits + 1e-6).all()


@pytest.mark.parametrize("name", [n for n in RECIPES if "codes" in RECIPES.load(n).free])
def test_bits_can_be_asked_for(name: str) -> None:
    recipe = RECIPES.load(name)
    made = recipe.assembly("laptop")
    fewer = made.bits - 2 * made.tokens  # two, since some have two codes a token
    assert recipe.assembly("laptop", bits=fewer).bits == pytest.approx(fewer)
