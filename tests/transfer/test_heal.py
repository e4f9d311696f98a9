"""Healing: rows first, then all; it goes on where it stopped."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from transfer_models import opened, save_model

from tokenry.errors import ModelError
from tokenry.tokenizer import Tokenizer
from tokenry.transfer import transplant
from tokenry.transfer.certificate.text import text_loss
from tokenry.transfer.heal import HealOptions, HealStage, heal, row_parameters

TEXTS = ["def f(x): return x + 1\n" * 40, "the cat sat on the mat and the dog on the log\n" * 40]
SMALL = {"length": 32, "batch": 2}


@pytest.fixture
def model(old: Tokenizer, new: Tokenizer, tmp_path: Path) -> Path:
    source = save_model(tmp_path / "source", old, dtype="bfloat16")
    return transplant(source, new, tmp_path / "new").folder


def test_it_learns_and_keeps_the_files(model: Path, new: Tokenizer, tmp_path: Path) -> None:
    only_rows = (HealStage("rows", ("rows",), 1.0, 1e-3),)
    options = HealOptions(steps=60, stages=only_rows, **SMALL)
    heal(model, TEXTS, tmp_path / "rows", options)
    both = (HealStage("rows", ("rows",), 0.5, 1e-3), HealStage("all", ("*",), 0.5, 1e-4))
    heal(model, TEXTS, tmp_path / "healed", HealOptions(steps=60, stages=both, **SMALL))
    texts = [text[:90] for text in TEXTS]
    losses = {
        name: text_loss(opened(path), new, texts, start=0).per_byte
        for name, path in (("before", model), ("rows", tmp_path / "rows"),
                           ("healed", tmp_path / "healed"))
    }  # fmt: skip
    assert losses["rows"] < 0.95 * losses["before"]
    assert losses["healed"] < 0.97 * losses["before"]
    names = {each.name for each in model.iterdir()}
    assert {each.name for each in (tmp_path / "healed").iterdir()} == names
    import transformers

    healed = transformers.AutoModelForCausalLM.from_pretrained(tmp_path / "healed", dtype="auto")
    assert healed.dtype == torch.bfloat16
    assert len(healed.get_input_embeddings().weight) == len(new)


@pytest.mark.parametrize("kind", ["llama", "phi, bias"])
def test_rows_alone(kind: str, old: Tokenizer, tmp_path: Path) -> None:
    source = save_model(tmp_path / "source", old, kind)
    only = (HealStage("rows", ("rows",), 1.0, 1e-3),)
    heal(source, TEXTS, tmp_path / "healed", HealOptions(steps=3, stages=only, **SMALL))
    before, after = opened(source), opened(tmp_path / "healed")
    rows = row_parameters(before)
    assert len(rows) == (1 if kind == "llama" else 3)
    changed = {
        name
        for (name, one), two in zip(before.named_parameters(), after.parameters(), strict=True)
        if not torch.equal(one, two)
    }
    assert changed == set(rows)


def test_it_goes_on_where_it_stopped(model: Path, tmp_path: Path) -> None:
    options, work = HealOptions(steps=8, **SMALL), tmp_path / "work"

    def stop(stage: str, done: float, total: float | None) -> None:
        if stage.startswith("healing all") and done > 0.3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        heal(model, TEXTS, tmp_path / "healed", options, work=work, progress=stop)
    assert not (tmp_path / "healed").exists()
    stages: list[str] = []
    heal(model, TEXTS, tmp_path / "healed", options, work=work,
         progress=lambda stage, *_: stages.append(stage))  # fmt: skip
    heal(model, TEXTS, tmp_path / "whole", options)
    weights = [(tmp_path / each / "model.safetensors").read_bytes() for each in ("healed", "whole")]
    assert weights[0] == weights[1]
    assert not any(stage.startswith("healing rows") for stage in stages)


def test_what_cannot_be_healed(model: Path, old: Tokenizer, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="2 steps or more and text"):
        heal(model, TEXTS, tmp_path / "a", HealOptions(steps=1))
    with pytest.raises(ModelError, match="0 texts"):
        heal(model, [], tmp_path / "a")
    masked = save_model(tmp_path / "masked", old, "bert")
    with pytest.raises(ModelError, match="fills masks"):
        heal(masked, TEXTS, tmp_path / "a")
