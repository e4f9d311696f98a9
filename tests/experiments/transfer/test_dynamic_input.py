"""What is trained on units is what is measured of them."""

from __future__ import annotations

import math

import pytest

torch = pytest.importorskip("torch")

from experiments.transfer.dynamic_input import by_units, unit_batch  # noqa: E402
from experiments.transfer.hypernetworks import as_transformers  # noqa: E402
from tokenry.learning import learn  # noqa: E402
from tokenry.neural.recipes.language import LanguageModel  # noqa: E402
from tokenry.neural.recipes.sizes import Shape  # noqa: E402
from tokenry.transfer.dynamic import dynamic_loss  # noqa: E402


def test_the_loss_of_a_batch(prose_text: str) -> None:
    tokenizer = learn([prose_text[:20_000]], vocab_size=300)
    model = Shape(width=16, layers=1, heads=2).causal(301).build().eval()
    texts = [prose_text[at : at + 80] for at in (0, 500, 900)]
    batch = unit_batch(tokenizer, texts, 10, 300)
    with torch.no_grad():
        losses = by_units(model, batch.on("cpu", 0.0))
    network = as_transformers(LanguageModel(model, 64))
    found = dynamic_loss(network, tokenizer, texts, 10, 300)
    assert float(losses.units) == found.places
    assert float(losses.total) / found.places / math.log(2) == pytest.approx(found.after, rel=1e-4)
