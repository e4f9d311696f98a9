"""Small models with the interface of transformers, and a hypernetwork that is trained for each."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from experiments.harness.corpora import first_bytes
from experiments.harness.experiment import Setting
from experiments.harness.kept import Kept
from experiments.transfer.small_models import SmallPair, family_text
from tokenry.neural.recipes.language import LanguageModel
from tokenry.neural.recipes.sizes import Passes
from tokenry.transfer.zett.hypernetwork import HyperNetwork
from tokenry.transfer.zett.training import PredictRows, sampled_batches

CHARACTERS = 400  # of a text of a batch


def as_transformers(model: LanguageModel) -> Any:
    """A module that answers as models of transformers do."""
    from torch import nn

    inner = model.model

    class Answering(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = inner

        def get_input_embeddings(self) -> Any:
            return self.inner.embedding.rows

        get_output_embeddings = get_input_embeddings

        def forward(
            self, input_ids: Any = None, inputs_embeds: Any = None, use_cache: bool = False
        ) -> Any:
            vectors = self.inner.embed(input_ids) if inputs_embeds is None else inputs_embeds
            return SimpleNamespace(logits=self.inner.read(self.inner.backbone(vectors).hidden))

    return Answering().requires_grad_(False).eval()


def hypernetwork(setting: Setting, pair: SmallPair, seed: int, spread: float = 1.0) -> Any:
    """One that is trained for the base of a pair on tokenizers that are drawn, and kept."""
    texts = [
        text[at : at + CHARACTERS]
        for text in first_bytes(family_text(setting), 1_000_000)
        for at in range(0, len(text), CHARACTERS)
    ]
    steps = setting.pick(150, 4)
    width = pair.base.model.config.backbone.width
    config = HyperNetwork(
        width=width, hidden=setting.pick(96, 16), layers=setting.pick(2, 1), heads=2, pieces=6
    )
    batches = sampled_batches(
        texts, pair.old, size=setting.pick(10, 4), ids=setting.pick(800, 300), pieces=6,
        length=96, seed=seed, spread=spread,
    )  # fmt: skip
    kept = Kept(setting, "hypernetworks", (pair.old.fingerprint(), steps, config, spread))
    trainer = replace(Passes(rate=2e-3).trainer(steps, seed))
    made = config.build(seed=seed)
    setting.tell(f"hypernetwork {seed}")
    step = PredictRows(network=as_transformers(pair.base), lexical=0.1)
    trainer.fit(made, step, batches, folder=kept.training(f"{seed}"))
    return made.eval()
