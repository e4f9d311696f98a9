"""Suspects of a checkpoint, and ids that a model cannot repeat."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tokenry.auditing.repeating import repetition
from tokenry.errors import ModelError
from tokenry.learning import learner
from tokenry.measuring.glitches import scan_glitches
from tokenry.models import Enumerable, causal_model
from tokenry.tokenizer import Tokenizer

NEVER = 7
"""The id that the copying model does not say."""


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return learner("bpe", vocab_size=266).learn(["the cat sat on the mat " * 20])


def test_an_id_that_is_not_copied_is_found() -> None:
    size = 12
    table = np.zeros((size, size, size), np.float32)
    for id_ in set(range(size - 2)) - {NEVER}:
        table[id_, 0, id_] = 9.0  # after an id and the id 0 it comes again
    table[..., size - 2] = -np.inf
    model = causal_model(Enumerable(table, begin=size - 2, end=size - 1))

    class Fixed:
        """Two prompts of one id each."""

        def encode(self, text: str) -> list[int]:
            return {"before": [1], "between": [0]}[text]

    asked: Any = Fixed()
    said = repetition(model, asked, [2, NEVER, 9], prompts=[("before", "between")], batch=2)
    assert said[0] > 0.9
    assert said[2] > 0.9
    assert said[1] < 0.1


def test_suspects_of_a_checkpoint(tokenizer: Tokenizer, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    from tokenry.auditing.glitches import undertrained

    config = transformers.LlamaConfig(
        vocab_size=270, hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, tie_word_embeddings=True,
    )  # fmt: skip
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        model = transformers.LlamaForCausalLM(config)
        rows = model.get_input_embeddings().weight.data
        rows.normal_()
        scan = scan_glitches(tokenizer)
        for id_ in (*scan.unused_bytes, 260):
            rows[id_] = torch.ones(16) + 0.01 * torch.randn(16)
    model.save_pretrained(tmp_path)
    found = undertrained(tmp_path, tokenizer, scan, most=14)
    assert {each.id for each in found} == {*scan.unused_bytes, 260}
    assert all(each.repeated is not None and 0 <= each.repeated <= 1 for each in found)
    alone = undertrained(tmp_path, tokenizer, scan, most=2, repeat=False)
    assert [each.undertrained for each in alone] == [None, None]


def test_a_model_without_named_embeddings_is_refused(tokenizer: Tokenizer, tmp_path: Path) -> None:
    pytest.importorskip("transformers")
    from tokenry.auditing.embeddings import read_embeddings

    with pytest.raises(ModelError, match="has no named embeddings"):
        read_embeddings(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "llama", "hidden_size": 8}')
    with pytest.raises(ModelError, match="has no named embeddings"):
        read_embeddings(tmp_path)
