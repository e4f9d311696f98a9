"""What heals is what the model says with exchanged rows, and only chosen rows learn."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from experiments.transfer.healing import _part, real_curves, watched  # noqa: E402
from experiments.transfer.real_model import Moved, Passages  # noqa: E402
from tokenry.learning import learn  # noqa: E402


def moved() -> Moved:
    """A tiny model of 256 ids."""
    config = transformers.LlamaConfig(
        vocab_size=256, hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, tie_word_embeddings=True, initializer_range=0.3,
    )  # fmt: skip
    network = transformers.LlamaForCausalLM(config).eval().requires_grad_(False)
    rows = network.get_input_embeddings().weight.numpy().copy()
    return Moved(network, learn(["a text"], vocab_size=256), rows)


def test_a_part_of_a_model() -> None:
    rows = np.random.default_rng(0).normal(size=(300, 16)).astype(np.float32)
    others, model = -rows, moved()
    part = _part(model, [rows, others], np.array([3, 97, 299]))
    assert [name for name, _ in part.named_parameters()] == ["fresh"]
    given = torch.tensor([[97, 3, 299, 3]])
    logits = part(given.repeat(2, 1))
    logits.square().mean().backward()
    assert part.fresh.grad is not None
    for start, own in zip((rows, others), logits, strict=True):
        model.bits(start, model.tokenizer, ["a"], 3)  # exchanges the rows of the network
        assert torch.allclose(own, model.network(input_ids=given).logits[0], atol=1e-5)


def test_curves_side_by_side_are_those_of_each_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.transfer.healing.STEPS", 6)
    monkeypatch.setattr("experiments.transfer.healing.REAL_POINTS", (0, 3, 6))
    model, text = moved(), "texts to read, and others to be scored. " * 30
    new = learn([text], vocab_size=280, special_tokens=["</s>"])
    starts = [
        np.random.default_rng(seed).normal(size=(len(new), 16)).astype(np.float32)
        for seed in (0, 1)
    ]
    held = Passages.of(model.context(new, (), None), ["to be read", "and scored"])
    both = np.array(real_curves(model, starts, [text], held, 2))
    assert both.shape == (3, 4, 2)
    alone = np.array(real_curves(model, starts[1:], [text], held, 2))
    assert np.allclose(both[:, 2:], alone, rtol=1e-4)
    assert np.allclose(both[0, 0], both[0, 1])
    assert not np.allclose(both[-1, 0], both[-1, 1])  # by another order


def test_a_look_before_steps() -> None:
    looked: list[int] = []
    step = watched(lambda model, batch: batch, (0, 2), lambda: looked.append(1))
    for _ in range(4):
        step(None, None)
    assert len(looked) == 2
