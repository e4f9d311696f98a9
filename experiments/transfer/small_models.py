"""Two small models trained here, each with a tokenizer of its own; one gets the other's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from experiments.harness.corpora import english, first_bytes, size_of, split
from experiments.harness.experiment import Setting
from experiments.harness.kept import Kept
from experiments.transfer.healing import curve
from tokenry.learning import Bpe
from tokenry.neural.embeddings.rows import TokenRows
from tokenry.neural.recipes.language import LanguageModel, bits_per_byte, train_language_model
from tokenry.neural.recipes.sizes import Shape
from tokenry.neural.training.data.blocks import Blocks
from tokenry.tokenizer import Tokenizer
from tokenry.transfer import Donor, RowInitialiser, TransferContext
from tokenry.transfer.row_plan import Floats

ROWS = "embedding.rows.weight"


@dataclass(frozen=True, eq=False)
class SmallPair:
    """A model to move, and a donor that knows the tokenizer that it is moved to.

    Attributes:
        base: the model to move.
        old, new: tokenizers of the model and of the donor.
        train_donor: gives the donor, which only some experiments ask for.
    """

    base: LanguageModel
    old: Tokenizer
    new: Tokenizer
    train_donor: Callable[[], LanguageModel]

    @cached_property
    def donor(self) -> LanguageModel:
        """The model that knows the new tokenizer."""
        return self.train_donor()

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


def family(setting: Setting, seed: int) -> SmallPair:
    """The pair of a seed that all experiments share; each model is trained once and kept.

    Tokenizers are learnt on the two halves of the text, the new one with numbers cut otherwise.
    """
    learnt = family_text(setting)
    ids = setting.pick(3_000, 400)
    half = len(learnt) // 2
    old = Bpe(vocab_size=ids).learn(learnt[:half])
    new = Bpe(vocab_size=ids, pretokenizer="gpt2").learn(learnt[half:])

    def train_donor() -> LanguageModel:
        return trained(setting, f"donor-{seed}", new, learnt, seed)

    return SmallPair(trained(setting, f"base-{seed}", old, learnt, seed), old, new, train_donor)


def family_text(setting: Setting) -> list[str]:
    """What its models learnt from."""
    return first_bytes(split(english(setting.data))[0], setting.pick(1_500_000, 8_000))


def trained(
    setting: Setting,
    name: str,
    tokenizer: Tokenizer,
    learnt: Sequence[str],
    seed: int,
    shape: Shape | None = None,
) -> LanguageModel:
    """A small model that is kept under a name, or trained now."""
    small = Shape(width=16, layers=1, heads=2, context=32)
    shape = setting.pick(shape or Shape(width=128, layers=3), small)
    kept = Kept(setting, "small-models", (tokenizer.fingerprint(), size_of(learnt), shape))
    setting.tell(f"small model {name}")
    return train_language_model(
        list(tokenizer.encode_batch(learnt)), tokenizer.n_vocab, shape=shape, seed=seed,
        folder=kept.training(name),
    )  # fmt: skip


def zero_shot_small(
    pair: SmallPair, inits: Mapping[str, RowInitialiser], held: Sequence[str]
) -> dict[str, float]:
    """Bits per byte of held-out text by initialiser."""
    context, size = pair.context(), size_of(held)
    rows: list[NDArray[np.uint32]] = list(pair.new.encode_batch(held))
    return {
        name: bits_per_byte(pair.moved(context, init), rows, size) for name, init in inits.items()
    }


def small_curve(
    pair: SmallPair, init: RowInitialiser, learnt: Sequence[str], held: Sequence[str], seed: int
) -> list[float]:
    """Bits per byte at `POINTS` while rows alone are trained on a little text."""
    model = pair.moved(pair.context(), init)
    for name, parameter in model.model.named_parameters():
        parameter.requires_grad_(name == ROWS)
    documents = pair.new.encode_batch(list(learnt))
    blocks = Blocks.of(documents, end=pair.new.n_vocab, length=model.context)
    rows, size = list(pair.new.encode_batch(list(held))), size_of(held)
    return curve(model.model, blocks, lambda: bits_per_byte(model, rows, size), seed)
