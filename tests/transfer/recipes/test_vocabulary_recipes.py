"""Pruning and extending a model: what is kept is bit for bit what it was."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
import pytest
import torch
from transfer_models import logits, opened, save_model

from tokenry.errors import ModelError
from tokenry.learning import learn
from tokenry.tokenizer import Tokenizer
from tokenry.transfer import TransferContext, initialiser
from tokenry.transfer.certificate.certify import certify
from tokenry.transfer.heal import HealOptions, heal
from tokenry.transfer.initialisers.mapped import MappedRows
from tokenry.transfer.recipes.extension import CABRITA, REDWHALE, extend_model
from tokenry.transfer.recipes.pruning import prune_model


@pytest.mark.parametrize("kind", ["llama", "llama, untied"])
def test_pruning(kind: str, old: Tokenizer, prose_text: str, tmp_path: Path) -> None:
    source = save_model(tmp_path / "model", old, kind)
    text = prose_text[:3000]
    made, surgery = prune_model(source, [text], tmp_path / "new", size=600)
    kept = surgery.ids.old_of_new
    assert len(kept) == made.report.new_ids == 600
    smaller = opened(made.folder)
    before = old.encode_to_numpy("the")
    after = surgery.tokenizer.encode("the")
    assert kept[after].tolist() == before.tolist()
    first, second = logits(opened(source), before.tolist()), logits(smaller, after)
    assert torch.allclose(second, first[:, kept], atol=1e-6)
    assert certify(source, made.folder).passes
    assert set(made.report.rows["input"]) == {"id map"}


def test_extension(old: Tokenizer, tmp_path: Path) -> None:
    source = save_model(tmp_path / "model", old)
    german = ["Der schnelle braune Fuchs springt über den faulen Hund und läuft davon. "] * 40
    other = learn(german, vocab_size=300)
    made, surgery = extend_model(source, other, tmp_path / "new")
    before, after = opened(source), opened(made.folder)
    rows = after.get_input_embeddings().weight
    assert torch.equal(rows[: len(old)], before.get_input_embeddings().weight)
    id_ = int(surgery.ids.added[0])
    parts = surgery.ids.parts(id_)
    assert torch.allclose(rows[id_], before.get_input_embeddings().weight[parts].mean(0), atol=1e-6)
    english = old.encode("the end of it")
    if surgery.tokenizer.encode("the end of it") == english:
        assert torch.equal(logits(before, english), logits(after, english)[:, : len(old)])
    assert certify(source, made.folder).passes


def test_extension_with_another_initialiser(old: Tokenizer, tmp_path: Path) -> None:
    source = save_model(tmp_path / "model", old)
    made, _ = extend_model(source, ["zymurgy"], tmp_path / "new", init=initialiser("mean"))
    assert "mean" in made.report.rows["input"]


def test_stages(old: Tokenizer, tmp_path: Path) -> None:
    names = [f"network.model.layers.{at}.mlp.up_proj.weight" for at in range(24)]
    odd, even = (
        {at for at, name in enumerate(names) if any(fnmatchcase(name, p) for p in stage.trains)}
        for stage in REDWHALE[1:3]
    )
    assert [stage.rank for stage in REDWHALE] == [0, 0, 0, 16]
    assert odd == set(range(1, 24, 2))
    assert even == set(range(0, 24, 2))
    source = save_model(tmp_path / "model", old)
    texts = ["some text to go on with " * 30]
    for name, stages in (("redwhale", REDWHALE), ("cabrita", CABRITA)):
        options = HealOptions(steps=len(stages), stages=stages, length=16, batch=1)
        assert len(heal(source, texts, tmp_path / name, options)) == len(stages)


def test_a_map_of_other_tokenizers(context: TransferContext, old: Tokenizer) -> None:
    from tokenry.surgery import reorder

    ids = reorder(old, ["words"]).ids
    with pytest.raises(ModelError, match="of other tokenizers"):
        MappedRows(ids).plan(context, "input")


def test_a_map_keeps_two_ids_of_one_piece_apart(old: Tokenizer) -> None:
    from tokenry.surgery import pad

    padded = pad(old, len(old) + 3)
    rows = np.random.default_rng(0).normal(size=(len(old), 4)).astype(np.float32)
    context = TransferContext(old=old, new=padded.tokenizer, old_rows=lambda role: rows)
    plan = MappedRows(padded.ids).plan(context, "input")
    assert plan.covered.tolist() == [True] * len(old) + [False] * 3
    assert np.array_equal(plan.rows(rows)[: len(old)], rows)
