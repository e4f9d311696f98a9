"""Changes of low rank: nothing at first, no more than the rank afterwards, gone as names."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from transfer_models import logits, opened, save_model

from tokenry.tokenizer import Tokenizer
from tokenry.transfer.heal import ADAPTERS, HealOptions, HealStage, heal
from tokenry.transfer.low_rank import low_rank, matrices

TEXTS = ["some text to go on with, and more of it " * 30]


@pytest.mark.parametrize("kind", ["llama", "llama, untied", "gpt2"])
def test_it_changes_nothing_until_it_learns(kind: str, old: Tokenizer, tmp_path: Path) -> None:
    network = opened(save_model(tmp_path / "model", old, kind))
    names, before = [name for name, _ in network.named_parameters()], logits(network, [5, 6, 7])
    assert len(matrices(network)) == (14 if kind != "gpt2" else 8)
    with low_rank(network, 2):
        assert torch.equal(logits(network, [5, 6, 7]), before)
        assert len(list(network.named_parameters())) > len(names)
    assert sorted(name for name, _ in network.named_parameters()) == sorted(names)
    assert torch.equal(logits(network, [5, 6, 7]), before)


def test_a_stage_of_low_rank(old: Tokenizer, tmp_path: Path) -> None:
    source = save_model(tmp_path / "model", old)
    stages = (HealStage("low rank", (ADAPTERS,), 1.0, 1e-2, rank=2),)
    options = HealOptions(steps=6, stages=stages, length=16, batch=2)
    heal(source, TEXTS, tmp_path / "healed", options)
    before, after = opened(source), opened(tmp_path / "healed")
    changed = 0
    for (name, one), two in zip(before.named_parameters(), after.parameters(), strict=True):
        moved = (two - one).detach()
        if "proj" not in name:
            assert not moved.any(), name
        else:
            assert int(torch.linalg.matrix_rank(moved, rtol=1e-4)) <= 2
            changed += bool(moved.any())
    assert changed == 14


def test_it_goes_on_where_it_stopped(old: Tokenizer, tmp_path: Path) -> None:
    source = save_model(tmp_path / "model", old)
    stages = (HealStage("low rank", (ADAPTERS,), 1.0, 1e-2, rank=2),)
    options = HealOptions(steps=60, stages=stages, length=8, batch=1)

    def stop(stage: str, done: float, total: float | None) -> None:
        if done > 0.9:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        heal(source, TEXTS, tmp_path / "a", options, work=tmp_path / "work", progress=stop)
    heal(source, TEXTS, tmp_path / "a", options, work=tmp_path / "work")
    heal(source, TEXTS, tmp_path / "b", options)
    weights = [(tmp_path / each / "model.safetensors").read_bytes() for each in "ab"]
    assert weights[0] == weights[1]
