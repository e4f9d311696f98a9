"""Two small models trained here, each with a tokenizer of its own; one gets the other's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from experiments.harness.corpora import size_of
from experiments.harness.experiment import Setting
from tokenry.learning import Bpe
from tokenry.neural.embeddings.rows import TokenRows
from tokenry.neural.recipes.language import LanguageModel, bits_per_byte, train_language_model
from tokenry.neural.recipes.sizes import Passes, Shape
from tokenry.tokenizer import Tokenizer
from tokenry.transfer import Donor, RowInitialiser, TransferContext
from tokenry.transfer.row_plan import Floats

ROWS = "embedding.rows.weight"


@dataclass(frozen=True, eq=False)
class SmallPair:
    """A model to move, and a donor that knows the tokenizer that it is moved to.

    Attributes:
        base, donor: the models.
        old, new: their tokenizers.
    """

    base: LanguageModel
    donor: LanguageModel
    old: Tokenizer
    new: Tokenizer

    def context(self) -> TransferContext:
        """For initialisers; the rows of marks between documents are left out."""
        given = Donor(self.new, lambda role: small_rows(self.donor)[:-1])
        return TransferContext(
            old=self.old,
            new=self.new,
            old_rows=lambda role: small_rows(self.base)[:-1],
            donor=given,
        )

    def moved(self, context: TransferContext, init: RowInitialiser) -> LanguageModel:
        """The base with new rows; the mark between documents keeps its row."""
        made = init.plan(context, "input").rows(context.rows("input"))
        return with_rows(self.base, np.concatenate([made, small_rows(self.base)[-1:]]))


def small_rows(model: LanguageModel) -> Floats:
    """The matrix of a model, the mark between documents last."""
    found: Floats = model.model.state_dict()[ROWS].numpy()
    return found


def with_rows(model: LanguageModel, rows: Floats) -> LanguageModel:
    """A model with another matrix, its other weights the same."""
    import torch

    weights = {**model.model.state_dict(), ROWS: torch.from_numpy(rows)}
    larger = replace(model.model.config, embedding=TokenRows(vocab_size=len(rows))).build()
    larger.load_state_dict(weights)
    return LanguageModel(larger, model.context)


def train_pair(
    setting: Setting, learnt: Sequence[str], seed: int, *, ids: int, shape: Shape, passes: Passes
) -> SmallPair:
    """Tokenizers learnt on the two halves of the text, the new one with digits apart."""
    half = len(learnt) // 2
    old = Bpe(vocab_size=ids).learn(list(learnt[:half]))
    new = Bpe(vocab_size=ids, pretokenizer="gpt2").learn(list(learnt[half:]))
    models = []
    for name, tokenizer in (("base", old), ("donor", new)):
        setting.tell(f"seed {seed}: {name}")
        rows = list(tokenizer.encode_batch(learnt))
        models.append(
            train_language_model(rows, tokenizer.n_vocab, shape=shape, passes=passes, seed=seed)
        )
    return SmallPair(models[0], models[1], old, new)


def zero_shot_small(
    pair: SmallPair, inits: Mapping[str, RowInitialiser], held: Sequence[str]
) -> dict[str, float]:
    """Bits per byte of held-out text by initialiser."""
    context, size = pair.context(), size_of(held)
    rows: list[NDArray[np.uint32]] = list(pair.new.encode_batch(held))
    return {
        name: bits_per_byte(pair.moved(context, init), rows, size) for name, init in inits.items()
    }


def healed(
    pair: SmallPair, init: RowInitialiser, learnt: Sequence[str], held: Sequence[str], seed: int
) -> float:
    """Bits per byte after one pass over a little text with all but the rows fixed."""
    model = pair.moved(pair.context(), init)
    for name, parameter in model.model.named_parameters():
        parameter.requires_grad_(name == ROWS)
    rows = list(pair.new.encode_batch(learnt))
    train_language_model(
        rows, pair.new.n_vocab, passes=Passes(rate=2e-3, batch=8), seed=seed, start=model
    )
    return bits_per_byte(model, list(pair.new.encode_batch(held)), size_of(held))
