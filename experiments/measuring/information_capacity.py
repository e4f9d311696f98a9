"""S094: information capacity of small models of two sizes under two tokenizers, and of SmolLM2."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from experiments.harness.corpora import english, first_bytes, split
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.models import models_folder
from experiments.harness.verdicts import Check, check, check_bounded
from tokenry.auditing.capacity import Capacity, information_capacity
from tokenry.errors import SpareRowsWarning
from tokenry.learning import Bpe
from tokenry.tokenizer import Tokenizer, load

WIDTHS: Final = (48, 96)
SIZES: Final = (512, 4096)
MATTERS: Final = 0.02  # of the capacity
ALIKE: Final = 0.1  # sizes of models whose capacities differ by less are consistent
Key = tuple[int, int]


def run(setting: Setting) -> Findings:
    """Train small models at equal bytes; read the same held-out texts with all of them."""
    learnt, held = split(english(setting.data))
    learnt = first_bytes(learnt, setting.pick(500_000, 20_000))
    held = [text[:600] for text in held[: setting.pick(40, 6)]]
    sizes = setting.pick(SIZES, (300, 600))
    tokenizers = {size: Bpe(vocab_size=size).learn(learnt) for size in sizes}
    found: dict[Key, list[Capacity]] = {}
    for size, tokenizer in tokenizers.items():
        for width in setting.pick(WIDTHS, (16, 24)):
            setting.tell(f"{size:,} ids, width {width}")
            key = (size, width)
            found[key] = [
                _trained(setting, tokenizer, width, learnt, held, s) for s in setting.seeds
            ]
    checks = (_tokenizer_check(found), _size_check(found))
    real = _real(setting, held)
    return Findings((_table(found, real),), checks, NOTES)


def _trained(
    setting: Setting,
    tokenizer: Tokenizer,
    width: int,
    learnt: Sequence[str],
    held: Sequence[str],
    seed: int,
) -> Capacity:
    from tokenry.models import causal_model
    from tokenry.neural.recipes.language import train_language_model
    from tokenry.neural.recipes.sizes import Passes, Shape

    rows = list(tokenizer.encode_batch(list(learnt)))
    shape = Shape(width=width, layers=2, heads=2, context=64)
    passes = Passes(rate=4e-3, batch=8, passes=setting.pick(2, 1))
    made = train_language_model(rows, tokenizer.n_vocab, shape=shape, passes=passes, seed=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SpareRowsWarning)
        model = causal_model(made.model)
        return information_capacity(model, tokenizer, held, offset=0.0, longest=64)


def _real(setting: Setting, held: Sequence[str]) -> Capacity | None:
    """SmolLM2-135M on some of the same texts, where it is at hand."""
    folder = models_folder() if setting.size == "full" else None
    if folder is None:
        return None
    from tokenry.models import causal_model

    setting.tell("SmolLM2-135M")
    path = folder / "smollm2-135m"
    return information_capacity(causal_model(path), load(path), held[:10], offset=0.0)


def _tokenizer_check(found: Mapping[Key, Sequence[Capacity]]) -> Check:
    few, many = sorted({size for size, _ in found})
    effects = {}
    for width in sorted({key[1] for key in found}):
        pairs = zip(found[many, width], found[few, width], strict=True)
        effects[f"width {width}"] = over_seeds([a.capacity / b.capacity - 1 for a, b in pairs])
    return check(
        f"a tokenizer of longer tokens raises the capacity of the same model ({many:,} ids against "
        f"{few:,}; here by a tenth, and 2% would matter)",
        effects,
        claimed=0.1,
        matters=MATTERS,
        found="; ".join(f"{name}: {each:+.1%}" for name, each in effects.items()),
    )


def _size_check(found: Mapping[Key, Sequence[Capacity]]) -> Check:
    small, large = sorted({key[1] for key in found})
    amounts = {}
    for size in sorted({size for size, _ in found}):
        pairs = zip(found[size, large], found[size, small], strict=True)
        effect = over_seeds([a.capacity / b.capacity - 1 for a, b in pairs])
        ends = (abs(effect.low), abs(effect.high))
        amounts[f"{size:,} ids"] = type(effect)(abs(effect.value), 0.0, max(ends))
    return check_bounded(
        f"models of one series have about one capacity whatever their size (widths {small} and "
        f"{large}; here within 10%, loosely 20%)",
        amounts,
        ALIKE,
        loose=2 * ALIKE,
        found="; ".join(f"{name}: {each.value:.1%} apart" for name, each in amounts.items()),
    )


def _table(found: Mapping[Key, Sequence[Capacity]], real: Capacity | None) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for (size, width), some in found.items():
        rows.append((f"{size:,} ids, width {width}", *_figures(some)))
    if real is not None:
        rows.append(("SmolLM2-135M", *_figures([real])))
    return Table(
        "Information capacity (b = 0) on the same held-out texts",
        ("model", "capacity", "bits per byte", "bytes per token", "Mflop per token",
         "context (tokens)", "context (characters)"),
        tuple(rows),
    )  # fmt: skip


def _figures(some: Sequence[Capacity]) -> tuple[Cell, ...]:
    first = some[0]
    return (
        round(float(np.mean([each.capacity for each in some])), 4),
        round(float(np.mean([each.bits_per_byte for each in some])), 4),
        round(first.bytes_per_token, 3),
        round(first.flops_per_token / 1e6, 3),
        first.context_tokens,
        first.context_characters,
    )


NOTES: Final = (
    "b, which the authors fitted for their own text, is 0 here: figures are comparable among these "
    "rows only. All models read the same bytes, in training and after it.",
    "Small models have no limit of their context; SmolLM2's is told in characters of these texts.",
)

EXPERIMENT = Experiment(
    name="Information capacity",
    claim="Compression gain per operation is about one figure for models of a series whatever "
    "their size, and the tokenizer counts in it.",
    scale="paper: 49 open models of up to hundreds of billions of parameters, five data sets; "
    "here: transformers of two widths under BPE of 512 and 4,096 ids, 500 kB of novels, three "
    "seeds; SmolLM2-135M beside them",
    baseline="the same model under the other tokenizer, the other size under the same",
    needs=("text",),
    run=run,
)
