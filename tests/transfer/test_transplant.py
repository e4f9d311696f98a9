"""A model with another tokenizer: loaded by transformers, equal where it must be."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers
from transfer_models import KINDS, logits, opened, save_model

from tokenry.errors import ModelError
from tokenry.surgery import reorder
from tokenry.tokenizer import Tokenizer, load
from tokenry.transfer import FirstOf, RowPlan, initialiser, transplant
from tokenry.transfer.initialisers.copied import CopiedRows
from tokenry.transfer.initialisers.gaussian import GaussianRows
from tokenry.transfer.transplant import REPORT, TransplantReport


@pytest.fixture
def source(tmp_path: Path, old: Tokenizer) -> Path:
    return save_model(tmp_path / "model", old)


@pytest.mark.parametrize("kind", KINDS)
def test_a_permutation_of_the_vocabulary_changes_no_logit(
    kind: str, old: Tokenizer, tmp_path: Path
) -> None:
    """The control: the same pieces under other numbers."""
    source = save_model(tmp_path / "model", old, kind)
    moved = reorder(old, ["some words that are used more than others"])
    assert moved.ids.old_of_new.tolist() != list(range(len(old)))
    made = transplant(source, moved.tokenizer, tmp_path / "new")
    text = "other words, and the end"
    before, after = opened(source), opened(made.folder)
    first = logits(before, old.encode(text))
    second = logits(after, moved.tokenizer.encode(text))
    assert torch.equal(second, first[:, moved.ids.old_of_new])


@pytest.mark.parametrize("kind", KINDS)
def test_shared_rows_and_biases_are_kept_and_new_ones_are_the_plans(
    kind: str, old: Tokenizer, new: Tokenizer, tmp_path: Path
) -> None:
    source = save_model(tmp_path / "model", old, kind, rows=len(old) + 6)
    made = transplant(source, new, tmp_path / "new")
    before, after = opened(source), opened(made.folder)
    assert (before.get_input_embeddings().weight is before.get_output_embeddings().weight) == (
        after.get_input_embeddings().weight is after.get_output_embeddings().weight
    )
    assert after.config.get_text_config().vocab_size == len(new)
    shared = made.context.matches.matched
    old_ids = made.context.matches.old_of_new[shared]
    for get in ("get_input_embeddings", "get_output_embeddings"):
        one, two = getattr(before, get)(), getattr(after, get)()
        assert torch.equal(two.weight[shared], one.weight[old_ids])
        if getattr(one, "bias", None) is not None:
            assert torch.equal(two.bias[shared], one.bias[old_ids])
    plan = made.plans["input"]
    fresh = int(np.flatnonzero(np.diff(plan.offsets) > 1)[0])
    parts = plan.explain(fresh).parts
    row = sum(weight * before.get_input_embeddings().weight[old_id] for old_id, weight in parts)
    assert torch.allclose(after.get_input_embeddings().weight[fresh], row, atol=1e-6)
    others = [name for name, each in before.named_parameters() if len(old) + 6 not in each.shape]
    after_named = dict(after.named_parameters())
    assert all(torch.equal(after_named[n], dict(before.named_parameters())[n]) for n in others)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float32"])
def test_the_dtype_stays(dtype: str, old: Tokenizer, new: Tokenizer, tmp_path: Path) -> None:
    source = save_model(tmp_path / "model", old, dtype=dtype)
    made = transplant(source, new, tmp_path / "new")
    model = transformers.AutoModelForCausalLM.from_pretrained(made.folder, dtype="auto")
    assert model.dtype == getattr(torch, dtype)
    before = transformers.AutoModelForCausalLM.from_pretrained(source, dtype="auto")
    shared = made.context.matches.matched
    old_ids = made.context.matches.old_of_new[shared]
    rows = model.get_input_embeddings().weight
    assert torch.equal(rows[shared], before.get_input_embeddings().weight[old_ids])


def test_shards(old: Tokenizer, new: Tokenizer, tmp_path: Path) -> None:
    source = save_model(tmp_path / "model", old, "llama, untied", shard="20KB")
    assert len(list(source.glob("*.safetensors"))) >= 3
    made = transplant(source, new, tmp_path / "new")
    assert {each.name for each in made.folder.glob("*.safetensors")} == {
        each.name for each in source.glob("*.safetensors")
    }
    assert opened(made.folder).lm_head.weight.shape == (len(new), 16)
    index = json.loads((made.folder / "model.safetensors.index.json").read_bytes())
    data = sum(each.numel() * 4 for each in opened(made.folder).parameters())
    assert index["metadata"]["total_size"] == data


def test_loads_as_users_load(source: Path, new: Tokenizer, tmp_path: Path) -> None:
    made = transplant(source, new, tmp_path / "new")
    tokenizer = transformers.AutoTokenizer.from_pretrained(made.folder)
    text = "def f(x): return x  # naïve 中文\n"
    assert tokenizer(text)["input_ids"] == new.encode(text)
    assert tokenizer.decode(new.encode(text)) == text
    model = transformers.AutoModelForCausalLM.from_pretrained(made.folder)
    out = model.generate(**tokenizer("def", return_tensors="pt"), max_new_tokens=4, do_sample=False)
    assert out.max() < len(new)
    assert tokenizer.eos_token_id == model.config.eos_token_id == new.token_to_id("<|endoftext|>")


def test_the_old_folder_is_only_read(source: Path, new: Tokenizer, tmp_path: Path) -> None:
    before = {each.name: (each.read_bytes(), each.stat().st_mtime_ns) for each in source.iterdir()}
    transplant(source, new, tmp_path / "new")
    after = {each.name: (each.read_bytes(), each.stat().st_mtime_ns) for each in source.iterdir()}
    assert before == after


def test_rows_to_a_multiple(source: Path, new: Tokenizer, tmp_path: Path) -> None:
    made = transplant(source, new, tmp_path / "new", multiple=64)
    rows = opened(made.folder).get_input_embeddings().weight
    assert (len(rows) % 64, len(rows) - len(new) < 64) == (0, True)
    assert made.report.new_rows == len(rows)
    assert torch.allclose(rows[-1], rows[len(new)])
    with pytest.raises(ModelError, match="expected 1 or more"):
        transplant(source, new, tmp_path / "other", multiple=0)


def test_the_report(source: Path, new: Tokenizer, tmp_path: Path) -> None:
    made = transplant(source, new, tmp_path / "new")
    assert TransplantReport.read(made.folder / REPORT) == made.report
    assert made.report.rows["input"]["copy"] == len(made.context.matches.matched)
    assert sum(made.report.rows["input"].values()) == len(new)


def test_plans_stay_where_they_are_not_as_large_as_the_model(
    source: Path, new: Tokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = transplant(source, new, tmp_path / "new")
    plan = RowPlan.load(made.folder / "plans" / "input.safetensors")
    assert plan.explain(300) == made.plans["input"].explain(300)
    monkeypatch.setattr(import_module("tokenry.transfer.transplant"), "DENSE", 0)
    dense = transplant(source, new, tmp_path / "dense", init=initialiser("mean"))
    assert not (dense.folder / "plans").exists()


def test_a_chat_template_of_the_old_tokenizer_is_missed(
    source: Path, new: Tokenizer, tmp_path: Path
) -> None:
    assert not any("chat" in note for note in transplant(source, new, tmp_path / "a").report.notes)
    (source / "chat_template.jinja").write_text("{{ bos_token }}")
    made = transplant(source, new, tmp_path / "b")
    assert any("chat template is left out" in note for note in made.report.notes)
    assert not (made.folder / "chat_template.jinja").exists()


def test_an_initialiser_of_ones_own(source: Path, new: Tokenizer, tmp_path: Path) -> None:
    init = FirstOf((CopiedRows(), GaussianRows(scale=1.0)))
    made = transplant(source, new, tmp_path / "new", init=init, seed=5)
    again = transplant(source, new, tmp_path / "again", init=init, seed=5)
    other = transplant(source, new, tmp_path / "other", init=init, seed=6)
    weights = [(each.folder / "model.safetensors").read_bytes() for each in (made, again, other)]
    assert weights[0] == weights[1] != weights[2]


@pytest.mark.models
@pytest.mark.shared
@pytest.mark.slow
def test_smollm2_with_gpt2s_tokenizer(smollm2: Path, tokenizer_files: Path, tmp_path: Path) -> None:
    gpt2 = load(tokenizer_files / "gpt-2_tokenizer.json")
    made = transplant(smollm2, gpt2, tmp_path / "new")
    tokenizer = transformers.AutoTokenizer.from_pretrained(made.folder)
    model = transformers.AutoModelForCausalLM.from_pretrained(made.folder)
    ids = tokenizer("The capital of France is", return_tensors="pt")
    out = model.generate(**ids, max_new_tokens=1, do_sample=False)
    assert tokenizer.decode(out[0, -1]) == " Paris"
