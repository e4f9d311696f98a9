"""What heals is what the model says with exchanged rows, and only chosen rows learn."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from experiments.transfer.healing import _part, watched  # noqa: E402
from experiments.transfer.real_model import Moved  # noqa: E402
from tokenry.learning import learn  # noqa: E402


def test_a_part_of_a_model() -> None:
    tokenizer = learn(["a text"], vocab_size=256)
    config = transformers.LlamaConfig(
        vocab_size=256, hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, tie_word_embeddings=True, initializer_range=0.3,
    )  # fmt: skip
    network = transformers.LlamaForCausalLM(config).eval().requires_grad_(False)
    rows = np.random.default_rng(0).normal(size=(300, 16)).astype(np.float32)
    model = Moved(network, tokenizer, network.get_input_embeddings().weight.numpy().copy())
    ids = np.array([3, 97, 299])
    part = _part(model, rows, ids)
    assert [name for name, _ in part.named_parameters()] == ["fresh"]
    given = torch.tensor([[97, 3, 299, 3]])
    logits = part(given)
    logits.square().mean().backward()
    assert part.fresh.grad is not None
    model.bits(rows, tokenizer, ["a"], 3)  # exchanges the rows of the network
    expected = network(input_ids=given).logits
    assert torch.allclose(logits, expected, atol=1e-5)


def test_a_look_before_steps() -> None:
    looked: list[int] = []
    step = watched(lambda model, batch: batch, (0, 2), lambda: looked.append(1))
    for _ in range(4):
        step(None, None)
    assert len(looked) == 2
