from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tokenry.learning import learner

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.mark.slow
def test_a_model_is_measured_and_asked(run: Run, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    text = "the cat sat on the mat " * 20
    tokenizer = learner("bpe", vocab_size=266).learn([text])
    config = transformers.LlamaConfig(
        vocab_size=266, hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=256,
    )  # fmt: skip
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        transformers.LlamaForCausalLM(config).save_pretrained(tmp_path / "model")
    tokenizer.save(tmp_path / "model")
    (tmp_path / "a.txt").write_text(text)
    command = ["capacity", tmp_path / "model", tmp_path / "a.txt", "--longest", "32"]
    found = json.loads(run(*command, "--threads", "1,3", "--json").stdout)
    assert found["bits_per_byte"] > 0
    assert found["context_tokens"] == 256
    assert found["threads"]["chance"] == 0.5
    assert b"bits per byte" in run(*command).stdout
    assert b"two numbers" in run(*command, "--threads", "x").stderr
    said = json.loads(run("importance", tmp_path / "model", "the cat sat", "--json").stdout)
    assert "".join(token["text"] for token in said["tokens"]) == "the cat sat"
