"""An English model goes on in Portuguese: its rows begin one way or another, then it is trained."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from experiments.harness.corpora import blocks, declarations, first_bytes, flores, size_of, split
from experiments.harness.experiment import Cell, Setting, Table
from experiments.transfer.small_models import SmallPair, family_text
from tokenry.neural.recipes.language import LanguageModel, bits_per_byte, train_language_model
from tokenry.neural.recipes.sizes import Passes
from tokenry.tokenizer import Tokenizer
from tokenry.transfer import RowInitialiser, TransferContext
from tokenry.transfer.word_alignment import align_words

PASSES = 2
OTHER = 1_000  # between the seeds of orders
SEEN = 3  # times that two words were partners
Bits = dict[str, tuple[float, float]]
"""By name, bits per byte before training and after."""


@dataclass(frozen=True, eq=False)
class Portuguese:
    """Its texts.

    Attributes:
        learnt, held: documents.
        parallel: sentences of English and Portuguese, none of those held out.
        dictionary: words of these that were often partners.
        corpus: both languages, for vectors.
    """

    learnt: list[str]
    held: list[str]
    parallel: list[tuple[str, str]]
    dictionary: list[tuple[str, str]]
    corpus: list[str]

    @classmethod
    def of(cls, setting: Setting) -> Portuguese:
        """FLORES and the Declaration of Human Rights; a fifth is held out."""
        lines = flores(setting.data)
        english, own = blocks(lines["eng_Latn"]), blocks(lines["por_Latn"])
        kept = set(split(own, held=0.2)[0])
        documents = [*own, *declarations(setting.data)["por_Latn"].split("\n\n")]
        learnt, held = split(documents, held=0.2)
        parallel = [
            pair
            for one, two in zip(english, own, strict=True)
            if two in kept
            for pair in zip(one.split("\n"), two.split("\n"), strict=True)
        ]
        parallel = parallel[: setting.pick(10_000, 40)]
        limit = setting.pick(10**6, 4_000)
        learnt, held = first_bytes(learnt, limit), first_bytes(held, limit // 2)
        first = first_bytes(family_text(setting), setting.pick(200_000, 5_000))
        return cls(learnt, held, parallel, dictionary(parallel), [*learnt, *first])


def dictionary(parallel: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs of words that are partners often."""
    words = [(one.lower().split(), two.lower().split()) for one, two in parallel]
    return [pair for pair, count in align_words(words).items() if count >= SEEN]


def moved(
    pair: SmallPair, new: Tokenizer, init: RowInitialiser, context: TransferContext
) -> LanguageModel:
    """The base under a tokenizer."""
    assert context.new is new
    return pair.moved(context, init)


def before_and_after(
    model: LanguageModel, tokenizer: Tokenizer, texts: Portuguese, seed: int, orders: int = 1
) -> tuple[float, float]:
    """Bits per byte of held-out Portuguese at first, and after `PASSES` over what is learnt.

    Args:
        model: as it is moved.
        tokenizer: its new one.
        texts: to learn from, and held out.
        seed: of the first order of the text.
        orders: of which the mean is taken; each begins with the model as it is.
    """
    held, size = list(tokenizer.encode_batch(texts.held)), size_of(texts.held)
    learnt, after = list(tokenizer.encode_batch(texts.learnt)), []
    for order in range(orders):
        trained = train_language_model(
            learnt, tokenizer.n_vocab, passes=Passes(rate=2e-3, passes=PASSES, batch=8),
            seed=seed + OTHER * order, start=copy.deepcopy(model),
        )  # fmt: skip
        after.append(bits_per_byte(trained, held, size))
    return bits_per_byte(model, held, size), float(np.mean(after))


def before_and_after_table(title: str, names: str, found: Sequence[Bits]) -> Table:
    """Bits per byte by name, before and after training: means over seeds, then each seed trained.

    Args:
        title: of the table.
        names: head of the first column.
        found: by seed.
    """
    rows: list[tuple[Cell, ...]] = []
    for name in found[0]:
        both = np.array([each[name] for each in found])
        rows.append((name, *both.mean(0).round(4).tolist(), *both[:, 1].round(4).tolist()))
    seeds = (f"seed {at}, trained" for at in range(len(found)))
    heads = (names, "zero-shot", f"after {PASSES} passes", *seeds)
    return Table(title, heads, tuple(rows))
