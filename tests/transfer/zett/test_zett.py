"""A hypernetwork: the sub-piece mean before training, better than it afterwards."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from transfer_models import logits, opened, save_model

from tokenry.errors import ModelError
from tokenry.neural.training.budgets.steps import Steps
from tokenry.neural.training.optimizers.adamw import AdamW
from tokenry.neural.training.trainer import Trainer
from tokenry.tokenizer import Tokenizer
from tokenry.transfer import FirstOf, TransferContext
from tokenry.transfer.certificate.text import text_loss
from tokenry.transfer.heal import HealOptions, HealStage, heal
from tokenry.transfer.initialisers.copied import CopiedRows
from tokenry.transfer.initialisers.mean import MeanRow
from tokenry.transfer.initialisers.subpieces import SubpieceMean
from tokenry.transfer.initialisers.zett import PredictedRows
from tokenry.transfer.transplant import transplant
from tokenry.transfer.zett.hypernetwork import (
    HyperNetwork,
    load_hypernetwork,
    save_hypernetwork,
)
from tokenry.transfer.zett.sampling import sample_tokenizer
from tokenry.transfer.zett.training import (
    PredictRows,
    sampled_batches,
    source_rows,
    surfaces,
    with_rows,
)

SIZES = {"hidden": 32, "layers": 1, "heads": 2}


def test_sampled_tokenizers(old: Tokenizer, prose_text: str) -> None:
    texts = [prose_text[at : at + 400] for at in range(0, 8000, 400)]
    made = [sample_tokenizer(texts, old, 600, np.random.default_rng(seed)) for seed in (0, 0, 1)]
    assert [len(each) for each in made] == [600] * 3
    assert made[0].vocabulary == made[1].vocabulary != made[2].vocabulary
    plain = sample_tokenizer(texts, old, 600, np.random.default_rng(0), spread=0.0)
    pieces = [piece for piece in plain.vocabulary.pieces[256:] if piece]
    assert max(map(len, pieces)) <= 16
    for text in (*texts[:3], "naïve 中文 🙂\x00"):
        assert plain.decode_bytes(plain.encode(text)) == text.encode()
        assert plain.encode(text) == plain.encode_by_hand(text)
    joined = Counter(piece for piece in pieces)
    assert max(joined.values()) == 1
    assert plain.count(texts[0]) < len(texts[0].encode()) / 2
    with pytest.raises(ModelError, match="more than 256"):
        sample_tokenizer(texts, old, 256, np.random.default_rng(0))


@pytest.mark.parametrize("kind", ["llama", "llama, untied", "gpt2"])
def test_rows_of_ones_own_change_nothing(kind: str, old: Tokenizer, tmp_path: Path) -> None:
    network = opened(save_model(tmp_path / "model", old, kind))
    ids = old.encode("some text")
    given = with_rows(network, source_rows(network), torch.tensor([ids]))
    assert torch.allclose(given[0], logits(network, ids), atol=1e-5)


def test_untrained_it_is_the_mean(old: Tokenizer, context: TransferContext) -> None:
    network = HyperNetwork(width=24, **SIZES).build()
    plan = PredictedRows(network).plan(context, "input")
    short = context.decompositions.lengths() <= 7
    expected = SubpieceMean().plan(context, "input").rows(context.rows("input"))
    made = plan.rows(context.rows("input"))
    covered = plan.covered & short
    assert np.allclose(made[covered], expected[covered], atol=1e-5)
    both = HyperNetwork(width=24, matrices=2, **SIZES).build()
    output = PredictedRows(both).plan(context, "output").rows(context.rows("output"))
    expected = SubpieceMean().plan(context, "output").rows(context.rows("output"))
    assert np.allclose(output[covered], expected[covered], atol=1e-5)
    with pytest.raises(ModelError, match="of width 8"):
        PredictedRows(HyperNetwork(width=8, **SIZES).build()).plan(context, "input")


def test_padding_is_not_read(old: Tokenizer) -> None:
    network = HyperNetwork(width=8, **SIZES).build(seed=1)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    rows = torch.randn(len(old), 8, generator=torch.Generator().manual_seed(0))
    short = network(torch.tensor([[5, 9]]), rows)
    long = network(torch.tensor([[5, 9, -1, -1, -1]]), rows)
    assert torch.allclose(short, long, atol=1e-5)
    assert surfaces(old, [b"", b" the of and x"], 3).shape == (2, 3)
    assert surfaces(old, [b""], 3).tolist() == [[-1, -1, -1]]


@pytest.mark.slow
def test_trained_it_serves_a_tokenizer_that_it_never_saw(
    old: Tokenizer, new: Tokenizer, prose_text: str, tmp_path: Path
) -> None:
    texts = [prose_text[at : at + 250] for at in range(0, 20_000, 250)]
    stages = (HealStage("all", ("*",), 1.0, 3e-3),)
    options = HealOptions(steps=120, stages=stages, length=48, batch=8)
    heal(save_model(tmp_path / "model", old), texts, tmp_path / "trained", options)
    source = opened(tmp_path / "trained").requires_grad_(False)
    hyper = HyperNetwork(width=16, **SIZES).build()
    batches = sampled_batches(texts, old, size=8, ids=500, pieces=7, length=48)
    step = PredictRows(network=source, lexical=0.1)
    Trainer(optimizer=AdamW(rate=3e-3), budget=Steps(80)).fit(hyper, step, batches)
    save_hypernetwork(hyper, tmp_path / "hyper")
    again = load_hypernetwork(tmp_path / "hyper")
    bits = {}
    for name, init in (("zett", PredictedRows(again)), ("mean", SubpieceMean())):
        made = transplant(
            tmp_path / "trained",
            new,
            tmp_path / name,
            init=FirstOf((CopiedRows(), init, MeanRow())),
        )
        assert name == "mean" or made.report.rows["input"]["zett"] > 0
        held = [prose_text[at : at + 120] for at in range(30_000, 36_000, 400)]
        bits[name] = text_loss(opened(made.folder), new, held, start=0).per_byte
    assert bits["zett"] < bits["mean"]


def test_a_few_steps_lower_the_loss(old: Tokenizer, prose_text: str, tmp_path: Path) -> None:
    texts = [prose_text[at : at + 200] for at in range(0, 4000, 200)]
    source = opened(save_model(tmp_path / "model", old)).requires_grad_(False)
    hyper = HyperNetwork(width=16, **SIZES).build()
    given = {"size": 8, "ids": 300, "pieces": 7, "length": 32}
    step = PredictRows(network=source, lexical=0.0)
    batch = sampled_batches(texts, old, seed=9, **given).draw()
    assert batch is not None
    losses = [float(step(hyper, batch.on("cpu", 0.0)).total.detach())]
    batches = sampled_batches(texts, old, **given)
    Trainer(optimizer=AdamW(rate=3e-3), budget=Steps(15)).fit(hyper, step, batches)
    losses.append(float(step(hyper, batch.on("cpu", 0.0)).total.detach()))
    assert losses[1] < losses[0]


def test_warming_up_counts_rows_alone(old: Tokenizer, tmp_path: Path) -> None:
    source = opened(save_model(tmp_path / "model", old))
    hyper = HyperNetwork(width=16, **SIZES).build()
    batch = sampled_batches(["a text of words " * 9] * 4, old, size=2, ids=280, pieces=7).draw()
    assert batch is not None
    given = batch.on("cpu", 0.0)
    step = PredictRows(network=source, lexical=0.5, warmup=0.5)
    assert float(step(hyper, given).total.detach()) == pytest.approx(0, abs=1e-6)
    assert float(step(hyper, replace(given, done=0.6)).total.detach()) > 1
