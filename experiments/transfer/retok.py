"""ReTok: how a moved model heals, by initialiser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from experiments.harness.corpora import english, first_bytes, split
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.kept import Kept
from experiments.harness.models import models_folder
from experiments.harness.verdicts import Check, check
from experiments.transfer.healing import POINTS, REAL_LENGTH, REAL_RATE, STEPS, real_curve
from experiments.transfer.initialisers import RealModels
from experiments.transfer.real_model import OWN, Passages, computes_in, rows_of, sizes_of
from experiments.transfer.small_models import family, small_curve
from tokenry.transfer import initialiser

HEALED = ("mean", "subpieces", "focus")
MATTERS = 0.003  # bits per byte
K = {"omp": {"k": 8}}

Curves = Mapping[str, Mapping[str, list[float]]]


def run(setting: Setting) -> Findings:
    """SmolLM2 where it is at hand; small models with three seeds."""
    kept = Kept(setting, "retok", POINTS)
    small = _small(setting, kept)
    tables, checks = [_small_table(small)], _small_checks(small)
    notes = ["Small models and SmolLM2 heal by the same steps; only rows learn."]
    if setting.size != "full" or models_folder() is None:
        notes.append("SmolLM2 was not at hand (`make models`); only small models were moved.")
    else:
        real = RealModels(setting)
        curves = _curves(real)
        tables.append(_curve_table(real, curves))
        checks.append(_real_check(curves))
        notes.append(
            f"SmolLM2 computes in {computes_in()}. Of the rows, those of ids in the text are "
            "trained; a step reads 2 rows of 64 ids."
        )
        kept.spent += real.kept.spent
    return Findings(tuple(tables), tuple(checks), (*notes, kept.note()))


def _curves(real: RealModels) -> Curves:
    """Bits per byte at each point, by tokenizer and initialiser."""
    held, how = real.texts[::2], f"healing at {REAL_RATE}, {REAL_LENGTH} ids a row"
    size = float(sizes_of(held).sum())

    def make(name: str, init: str) -> list[float]:
        context = real.context(name)
        made = rows_of(context, initialiser(init))
        return real_curve(real.model, made, real.learnt, Passages.of(context, held), 0)

    return {
        name: {
            init: [
                bits / size for bits in real.kept.once(f"{how}, {name}, {init}", make, name, init)
            ]
            for init in HEALED[: 3 if name == OWN else 2]
        }
        for name in real.names
    }


def _curve_table(real: RealModels, curves: Curves) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (f"{name}: {init}", *(round(each, 4) for each in points))
        for name, inits in curves.items()
        for init, points in inits.items()
    ]
    return Table(
        "SmolLM2-135M, bits per byte while rows are healed",
        ("tokenizer: initialiser", *(f"{each} steps" for each in POINTS)),
        tuple(rows),
        f"On {sizes_of(real.texts[::2]).sum():,.0f} bytes of English novels; one order of the "
        "text.",
    )


def _real_check(curves: Curves) -> Check:
    less = [each["mean"][-1] - each["subpieces"][-1] for each in curves.values()]
    return check(
        f"SmolLM2: after {STEPS} steps means of sub-pieces need fewer bits per byte than the mean "
        "of all rows, over tokenizers",
        over_seeds(less),
        matters=MATTERS,
    )


Small = dict[str, list[list[float]]]


def _small(setting: Setting, kept: Kept) -> Small:
    """Curves by initialiser, one a seed."""
    learnt, held = split(english(setting.data))
    texts = first_bytes(learnt, setting.pick(100_000, 3_000))
    others = first_bytes(held, setting.pick(40_000, 2_000))
    inits = ("zero", "mean", "gaussian", "subpieces", "rising", "neighbours", "omp",
             "least-squares", "landmark-pca")  # fmt: skip
    found: Small = {name: [] for name in setting.pick(inits, inits[1:4])}

    def make(name: str, seed: int) -> list[float]:
        init = initialiser(name, **K.get(name, {}))
        return small_curve(family(setting, seed), init, texts, others, seed)

    for seed in setting.seeds:
        for name, curves in found.items():
            curves.append(kept.once(f"small, {name}, seed {seed}", make, name, seed))
    return found


def _small_table(found: Small) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (name, *np.mean(curves, axis=0).round(4).tolist(), *_ends(curves))
        for name, curves in found.items()
    ]
    return Table(
        "Small models, a donor trained beside them: bits per byte while rows are healed",
        ("initialiser", *(f"{each} steps" for each in POINTS), "lowest seed", "highest seed"),
        tuple(rows),
    )


def _ends(curves: Sequence[Sequence[float]]) -> tuple[float, float]:
    last = [round(each[-1], 4) for each in curves]
    return min(last), max(last)


def _small_checks(found: Small) -> list[Check]:
    less = [one[-1] - two[-1] for one, two in zip(found["mean"], found["subpieces"], strict=True)]
    return [
        check(
            f"small models: after {STEPS} steps means of sub-pieces need fewer bits per byte than "
            "the mean of all rows",
            over_seeds(less),
            matters=MATTERS,
        )
    ]


EXPERIMENT = Experiment(
    name="ReTok",
    claim="A model's tokenizer can be replaced: new rows begin as means of the old rows of their "
    "sub-pieces, rows are trained first, and little is lost; that start is better than the mean.",
    scale="paper: models of 1 to 8 billion parameters, 40 billion tokens; here: SmolLM2-135M to "
    "the tokenizers of GPT-2, Qwen, o200k and a SuperBPE learnt here, 200 steps of 128 ids, and "
    "transformers of 1 million parameters, three seeds, 200 steps",
    baseline="the mean of all rows, and other initialisers in the same run",
    needs=("text", "tokenizers"),
    run=run,
)
