"""ReTok: how a moved model heals, by initialiser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from experiments.harness.corpora import english, first_bytes, split
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import crossed, over_seeds
from experiments.harness.kept import Kept
from experiments.harness.models import models_folder
from experiments.harness.verdicts import Check, Estimate, check
from experiments.transfer.healing import (
    POINTS,
    REAL_LENGTH,
    REAL_POINTS,
    REAL_RATE,
    STEPS,
    real_curves,
)
from experiments.transfer.initialisers import RealModels
from experiments.transfer.real_model import (
    PUBLISHED,
    Floats,
    Passages,
    at_most,
    computes_in,
    published_super_bpe,
    rows_of,
    sizes_of,
    tokenizers,
)
from experiments.transfer.small_models import family, small_curve
from tokenry.transfer import initialiser

COMPARED = ("mean", "subpieces")
FRESH = 0.1  # of the ids of the passages: below it a start has too little to show
ORDERS = 3  # of the text, under tokenizers that are judged
IDS = 32_000  # of each tokenizer at most: a step under 200,000 ids takes three times as long
MATTERS = 0.003  # bits per byte

Small = dict[str, list[list[float]]]
"""By initialiser and seed, bits per byte at `POINTS`."""
Curves = Mapping[str, Mapping[str, Floats]]
"""By tokenizer and initialiser, bits of shape (orders, `REAL_POINTS`, passages)."""


def run(setting: Setting) -> Findings:
    """SmolLM2 where it is at hand; small models with eight seeds."""
    kept = Kept(setting, "retok", (POINTS, REAL_POINTS, REAL_LENGTH, REAL_RATE, IDS))
    notes = ["Small models and SmolLM2 heal by as many steps; only rows learn."]
    tables, checks = [], []
    if setting.size != "full" or models_folder() is None:
        notes.append("SmolLM2 was not at hand (`make models`); only small models were moved.")
    else:
        healed = _Healed(setting, kept)
        tables.append(healed.table())
        checks.append(healed.check())
        notes.append(
            f"SmolLM2 computes in {computes_in()}. Of the rows, those of ids in the text are "
            f"trained; a step reads {REAL_LENGTH} ids. Tokenizers keep the {IDS:,} ids that other "
            f"novels use most. Only those that are new in {FRESH:.0%} of the ids of the passages "
            f"are judged, by {ORDERS} orders of the text; one order shows how the others heal."
        )
    small = _small(setting, kept)
    tables.append(_small_table(small))
    checks += _small_checks(small)
    return Findings(tuple(tables), tuple(checks), (*notes, kept.note()))


class _Healed:
    """SmolLM2 under each tokenizer, its rows healed from each start; all curves are kept."""

    def __init__(self, setting: Setting, kept: Kept) -> None:
        learnt = split(english(setting.data))[0]
        few, many = first_bytes(learnt, 500_000), first_bytes(learnt, 4_000_000)
        news = tokenizers(setting.data, few) | {PUBLISHED: published_super_bpe(setting.data)}
        small = {name: at_most(each, IDS, many) for name, each in news.items()}
        self._real, self._kept = RealModels(setting, small), kept
        self._held = self._real.texts[::2]
        self.shares: dict[str, float] = {
            name: kept.once(f"new ids, {name}", self._share, name) for name in self._real.names
        }
        self.own: float = kept.once("its own tokenizer", self._untouched)
        self.curves: Curves = {name: self._healed(name) for name in self._real.names}

    def judged(self, name: str) -> bool:
        """Whether enough of the passages is new under a tokenizer."""
        return self.shares[name] >= FRESH

    def _share(self, name: str) -> float:
        return float(Passages.of(self._real.context(name), self._held).fresh.mean())

    def _untouched(self) -> float:
        model = self._real.model
        start = model.network.config.bos_token_id
        bits, _ = model.bits(model.rows, model.tokenizer, self._held, start)
        return float(bits.sum() / sizes_of(self._held).sum())

    def _healed(self, name: str) -> dict[str, Floats]:
        """Bits of shape (orders, `REAL_POINTS`, passages)."""
        if not self.judged(name):
            return self._curves(name, COMPARED, 1)
        return self._curves(name, COMPARED, ORDERS) | self._curves(name, ("focus",), 1)

    def _curves(self, name: str, inits: Sequence[str], orders: int) -> dict[str, Floats]:
        key = f"{name}, {' and '.join(inits)}, {orders} orders"
        bits = np.array(self._kept.once(key, self._made, name, inits, orders))
        points, _, texts = bits.shape
        parts = bits.reshape(points, len(inits), orders, texts).transpose(1, 2, 0, 3)
        return dict(zip(inits, parts, strict=True))

    def _made(self, name: str, inits: Sequence[str], orders: int) -> list[list[list[float]]]:
        context, real = self._real.context(name), self._real
        starts = [rows_of(context, initialiser(init)) for init in inits]
        return real_curves(
            real.model, starts, real.learnt, Passages.of(context, self._held), orders
        )

    def table(self) -> Table:
        """Means over orders."""
        size = sizes_of(self._held).sum()
        rows: list[tuple[Cell, ...]] = [
            (f"{name}: {init}", round(100 * self.shares[name], 1), len(bits),
             *(bits.sum(2).mean(0) / size).round(4).tolist())
            for name, inits in self.curves.items()
            for init, bits in inits.items()
        ]  # fmt: skip
        none = (None,) * (len(REAL_POINTS) - 1)
        own: tuple[Cell, ...] = ("its own tokenizer", 0.0, None, round(self.own, 4), *none)
        steps = (f"{at} steps" for at in REAL_POINTS)
        return Table(
            "SmolLM2-135M, bits per byte while rows are healed",
            ("tokenizer: initialiser", "new ids %", "orders", *steps),
            (own, *rows),
            f"On {size:,.0f} bytes of English novels; new ids are counted there.",
        )

    def check(self) -> Check:
        """Under each tokenizer that is judged, with the interval over orders and passages."""
        return check(
            f"SmolLM2: after {STEPS} steps means of sub-pieces need fewer bits per byte than the "
            f"mean of all rows, under each tokenizer that is new in {FRESH:.0%} of the ids",
            {name: self._less(name) for name in self.curves if self.judged(name)},
            matters=MATTERS,
        )

    def _less(self, name: str) -> Estimate:
        ends = [self.curves[name][init][:, -1] for init in ("mean", "subpieces")]
        less, sizes = ends[0] - ends[1], sizes_of(self._held)
        return crossed(
            less.shape,
            lambda orders, texts: float(less[orders][:, texts].mean(0).sum() / sizes[texts].sum()),
        )


def _small(setting: Setting, kept: Kept) -> Small:
    """Curves by initialiser, one a seed."""
    learnt, held = split(english(setting.data))
    texts = first_bytes(learnt, setting.pick(100_000, 3_000))
    others = first_bytes(held, setting.pick(40_000, 2_000))
    inits = ("zero", "mean", "gaussian", "subpieces", "rising")
    found: Small = {name: [] for name in setting.pick(inits, inits[1:4])}

    def make(name: str, seed: int) -> list[float]:
        return small_curve(family(setting, seed), initialiser(name), texts, others, seed)

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
        "Small models: bits per byte while rows are healed",
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
    "the tokenizers of GPT-2, Qwen and o200k, a published SuperBPE and one learnt here, at most "
    "32,000 ids of each, 200 steps of 24 ids, and transformers of 1 million parameters, eight "
    "seeds, 200 steps",
    baseline="the mean of all rows, and other starts that need no donor in the same run",
    needs=("text", "tokenizers"),
    run=run,
    seeds=8,
)
