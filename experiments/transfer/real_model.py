"""SmolLM2-135M under other tokenizers, each initialiser in the same run, in bits per byte."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.harness.data import Data
from tokenry.errors import ModelError
from tokenry.learning import SuperBpe
from tokenry.surgery import add_specials, prune
from tokenry.tokenizer import Tokenizer, load
from tokenry.transfer import Donor, RowInitialiser, TransferContext
from tokenry.transfer.certificate.text import text_loss
from tokenry.transfer.model_folder import ModelFolder
from tokenry.transfer.roles import special_roles

Floats = NDArray[np.float64]
FILES = {"GPT-2": "gpt-2_tokenizer.json", "Qwen": "qwen.tiktoken", "o200k": "o200k_base.tiktoken"}
OWN, PUBLISHED = "SuperBPE, learnt here", "SuperBPE t=180k"


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
    def open(cls, folder: Path, *, half: bool = False) -> Moved:
        """A folder of a causal model with tied rows.

        Args:
            folder: of it.
            half: it computes as `computes_in` says.
        """
        import torch
        from transformers import AutoModelForCausalLM

        network = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
        if not network.config.tie_word_embeddings:
            raise ModelError(f"{folder} has two matrices; this comparison exchanges one")
        rows = network.get_input_embeddings().weight.detach().numpy().copy()
        network.requires_grad_(False)
        dtype = computes_in() if half else "float32"
        return cls(network.to(getattr(torch, dtype)), load(folder), rows)

    def bits(
        self, rows: NDArray[np.float32], tokenizer: Tokenizer, texts: Sequence[str], start: int
    ) -> tuple[Floats, Floats]:
        """Bits of each text, and bits per id of all of them, under other rows."""
        import torch

        given = torch.from_numpy(rows).to(self.network.dtype)
        table = torch.nn.Embedding(len(rows), rows.shape[1], device="meta")
        table.weight = torch.nn.Parameter(given, requires_grad=False)
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


def computes_in() -> str:
    """bfloat16 where the processor multiplies it, at up to four times the speed, else float32.

    Without AVX-512 or AMX for it a step of SmolLM2 on 128 ids takes 21 CPU s, in float32 1.7.
    """
    import torch

    return "bfloat16" if torch.ops.mkldnn._is_mkldnn_bf16_supported() else "float32"


def tokenizers(data: Data, learnt: Sequence[str]) -> dict[str, Tokenizer]:
    """Those to move to: three published ones, and a SuperBPE that is learnt on the spot."""
    found = {name: load(data.file(f"tokenizers/{file}")) for name, file in FILES.items()}
    own = super_bpe(learnt)
    return {**found, OWN: own}


def super_bpe(learnt: Sequence[str]) -> Tokenizer:
    """Learnt on the spot."""
    return SuperBpe(vocab_size=8_000, special_tokens=("<|endoftext|>",)).learn(list(learnt))


def published_super_bpe(data: Data) -> Tokenizer:
    """That of 200,000 ids, published as merges; an end of text is added."""
    merges = load(data.file("tokenizers/superbpe_t180k_merges.txt"), pattern="superbpe")
    return add_specials(merges, ["<|endoftext|>"]).tokenizer


def at_most(tokenizer: Tokenizer, size: int, texts: Sequence[str]) -> Tokenizer:
    """A tokenizer with the ids that texts use most."""
    large = len(tokenizer) > size
    return prune(tokenizer, list(texts), min_uses=0, size=size).tokenizer if large else tokenizer


def whisper_donor(folder: Path) -> Donor:
    """Whisper tiny.en's decoder rows, which carry GPT-2's vocabulary, as a donor."""
    return _donor(folder, "model.decoder.embed_tokens.weight")


def wordllama_donor(folder: Path) -> Donor:
    """WordLlama's rows, which carry Llama-2's vocabulary, as a donor."""
    return _donor(folder, "embedding.weight")


def _donor(folder: Path, name: str) -> Donor:
    opened = ModelFolder.open(folder)
    stored = opened.find(name)
    if stored is None:
        raise ModelError(f"{folder} has no {name}; make it again")
    return Donor(load(folder), lambda role: stored.floats())


def rows_of(context: TransferContext, init: RowInitialiser) -> NDArray[np.float32]:
    """The new matrix."""
    return init.plan(context, "input").rows(context.rows("input"))


@dataclass(frozen=True, eq=False)
class Passages:
    """Texts as a new tokenizer writes them.

    Attributes:
        texts: of about one length.
        tokenizer: the new one.
        fresh: of each id of all of them, whether it is new.
        sizes: bytes that it stands for.
    """

    texts: Sequence[str]
    tokenizer: Tokenizer
    fresh: NDArray[np.bool_]
    sizes: NDArray[np.int64]

    @classmethod
    def of(cls, context: TransferContext, texts: Sequence[str]) -> Passages:
        """Of the new tokenizer of a transfer."""
        new = context.new
        ids = np.concatenate([new.encode_to_numpy(text) for text in texts]).astype(np.int64)
        sizes = np.array([len(new.vocabulary[int(id_)] or b"") for id_ in ids])
        return cls(texts, new, context.matches.old_of_new[ids] < 0, sizes)

    @property
    def start(self) -> int:
        """The id that stands before each text."""
        return special_roles(self.tokenizer)["eos"]

    def bits(self, model: Moved, rows: NDArray[np.float32]) -> dict[str, list[float]]:
        """Under other rows, by text: ``bits``, and of new ids alone ``fresh`` and their bytes."""
        of_texts, of_ids = model.bits(rows, self.tokenizer, self.texts, self.start)
        counts = self.tokenizer.count_batch(list(self.texts)).astype(np.int64)
        begins = np.concatenate(([0], np.cumsum(counts)[:-1]))
        sums = [np.add.reduceat(each * self.fresh, begins) for each in (of_ids, self.sizes)]
        return {
            "bits": of_texts.tolist(), "fresh": sums[0].tolist(),
            "fresh_bytes": sums[1].astype(np.float64).tolist(),
        }  # fmt: skip


def sizes_of(texts: Sequence[str]) -> Floats:
    """Bytes of each text."""
    return np.array([len(text.encode()) for text in texts], np.float64)


def evenly(texts: Sequence[str], count: int, length: int) -> list[str]:
    """So many of the texts, from all over, and the first characters of each."""
    return [text[:length] for text in texts[:: max(1, len(texts) // count)][:count]]
