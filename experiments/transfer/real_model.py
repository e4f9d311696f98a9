"""SmolLM2-135M under other tokenizers, each initialiser in the same run, in bits per byte."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.harness.data import Data
from experiments.harness.experiment import Setting
from tokenry.errors import ModelError
from tokenry.learning import SuperBpe
from tokenry.tokenizer import Tokenizer, load
from tokenry.transfer import Donor, RowInitialiser, TransferContext
from tokenry.transfer.certificate.text import text_loss
from tokenry.transfer.model_folder import ModelFolder
from tokenry.transfer.roles import special_roles

Floats = NDArray[np.float64]
FILES = {"GPT-2": "gpt-2_tokenizer.json", "Qwen": "qwen.tiktoken", "o200k": "o200k_base.tiktoken"}


def models_folder() -> Path | None:
    """Where `make models` wrote real models; None where it did not."""
    folder = Path(os.environ.get("TOKENRY_MODELS") or "build/models")
    return folder if (folder / "smollm2-135m").is_dir() else None


@dataclass(frozen=True, eq=False)
class Moved:
    """A model whose rows are exchanged in memory.

    Attributes:
        network: of transformers, with tied rows.
        tokenizer: that it was trained with.
        rows: of it.
    """

    network: Any
    tokenizer: Tokenizer
    rows: NDArray[np.float32]

    @classmethod
    def open(cls, folder: Path) -> Moved:
        """A folder of a causal model with tied rows."""
        import torch
        from transformers import AutoModelForCausalLM

        network = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
        if not network.config.tie_word_embeddings:
            raise ModelError(f"{folder} has two matrices; this comparison exchanges one")
        rows = network.get_input_embeddings().weight.detach().numpy().copy()
        return cls(network, load(folder), rows)

    def bits(
        self, rows: NDArray[np.float32], tokenizer: Tokenizer, texts: Sequence[str], start: int
    ) -> tuple[Floats, Floats]:
        """Bits of each text, and bits per id of all of them, under other rows."""
        import torch

        table = torch.nn.Embedding(len(rows), rows.shape[1], device="meta")
        table.weight = torch.nn.Parameter(torch.from_numpy(rows), requires_grad=False)
        head = torch.nn.Linear(rows.shape[1], len(rows), bias=False, device="meta")
        head.weight = table.weight
        self.network.set_input_embeddings(table)
        self.network.set_output_embeddings(head)
        found = [text_loss(self.network, tokenizer, [text], start) for text in texts]
        of_texts = np.array([each.bits.sum() for each in found])
        return of_texts, np.concatenate([each.bits for each in found])

    def context(
        self, new: Tokenizer, corpus: Sequence[str], donor: Donor | None
    ) -> TransferContext:
        """For initialisers, with this model's rows."""
        return TransferContext(
            old=self.tokenizer, new=new, old_rows=lambda role: self.rows, corpus=corpus, donor=donor
        )


def tokenizers(data: Data, learnt: Sequence[str]) -> dict[str, Tokenizer]:
    """Those to move to: three published ones, and a SuperBPE that is learnt on the spot."""
    found = {name: load(data.file(f"tokenizers/{file}")) for name, file in FILES.items()}
    own = SuperBpe(vocab_size=8_000, special_tokens=("<|endoftext|>",)).learn(list(learnt))
    return {**found, "SuperBPE, learnt here": own}


def whisper_donor(folder: Path) -> Donor:
    """Whisper tiny.en's decoder rows, which carry GPT-2's vocabulary, as a donor."""
    opened = ModelFolder.open(folder)
    stored = opened.find("model.decoder.embed_tokens.weight")
    if stored is None:
        raise ModelError(f"{folder} has no decoder rows; make it again")
    return Donor(load(folder), lambda role: stored.floats())


def rows_of(context: TransferContext, init: RowInitialiser) -> NDArray[np.float32]:
    """The new matrix."""
    return init.plan(context, "input").rows(context.rows("input"))


def zero_shot(
    setting: Setting,
    model: Moved,
    name: str,
    context: TransferContext,
    inits: Mapping[str, RowInitialiser],
    texts: Sequence[str],
) -> dict[str, tuple[Floats, float]]:
    """By initialiser the bits of each text, and the bits per byte of new ids alone."""
    found = {}
    new = context.new
    start = special_roles(new)["eos"]
    ids = np.concatenate([new.encode_to_numpy(text) for text in texts]).astype(np.int64)
    fresh = context.matches.old_of_new[ids] < 0
    sizes = np.array([len(new.vocabulary[int(id_)] or b"") for id_ in ids])
    for label, init in inits.items():
        setting.tell(f"{name}: {label}")
        of_texts, of_ids = model.bits(rows_of(context, init), new, texts, start)
        new_alone = float(of_ids[fresh].sum() / max(sizes[fresh].sum(), 1))
        found[label] = of_texts, new_alone
    return found
