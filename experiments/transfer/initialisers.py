"""Initialisers side by side on SmolLM2, and which one is the default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from experiments.harness.corpora import DOMAINS, FOLDERS, english, first_bytes, split
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds, ratio
from experiments.harness.kept import Kept
from experiments.harness.models import models_folder
from experiments.harness.verdicts import Check, Cost, Estimate, check
from experiments.transfer.real_model import (
    Moved,
    Passages,
    computes_in,
    evenly,
    rows_of,
    sizes_of,
    tokenizers,
)
from experiments.transfer.small_models import family, zero_shot_small
from tokenry.tokenizer import Tokenizer
from tokenry.transfer import INITIALISERS, TransferContext, initialiser
from tokenry.transfer.registry import DEFAULT

PLAIN = ("zero", "mean", "gaussian", "subpieces", "rising", "last-first")
OF_A_CORPUS = ("focus", "neighbours", "omp", "wechsel", "local", "global", "tokenadapt", "cw2v",
               "least-squares")  # fmt: skip
CORPUS = 250_000  # bytes that vectors are trained on
CHOSEN_ON = ("biomedical", "code", "financial", "legal")
MATTERS, FRESH_MATTERS = 0.003, 0.05  # bits per byte, of all text and of new tokens
K = {"omp": {"k": 8}}

Arm = Mapping[str, list[float]]


def run(setting: Setting) -> Findings:
    """SmolLM2 where it is at hand; small models with three seeds otherwise."""
    folder = models_folder() if setting.size == "full" else None
    if folder is None:
        return _small(setting)
    real = RealModels(setting)
    chosen, zero = real.choosing(), real.zero_shot()
    return Findings(
        (real.table(zero, "bits"), real.table(zero, "fresh"), _chosen_table(chosen)),
        tuple(real.checks(zero)),
        (f"SmolLM2 computes in {computes_in()}.", real.kept.note()),
        (_default(chosen),),
    )


class RealModels:
    """SmolLM2 under four tokenizers, or under those that are given; every figure is kept."""

    def __init__(self, setting: Setting, news: Mapping[str, Tokenizer] | None = None) -> None:
        learnt, held = split(english(setting.data))
        self.learnt = first_bytes(learnt, CORPUS)
        self.texts = evenly(held, 24, 300)
        self._setting, self.kept = (
            setting,
            Kept(setting, "retok-real", (CORPUS, self.texts, computes_in())),
        )
        self._folder = models_folder() or setting.scratch
        self._news = news or tokenizers(setting.data, first_bytes(learnt, 500_000))
        self._opened: dict[str, Moved] = {}
        self._contexts: dict[str, TransferContext] = {}

    @property
    def model(self) -> Moved:
        """SmolLM2, opened when it is first asked for."""
        if not self._opened:
            self._opened[""] = Moved.open(self._folder / "smollm2-135m", half=True)
        return self._opened[""]

    def context(self, name: str) -> TransferContext:
        """Of a tokenizer; its vectors are trained once."""
        if name not in self._contexts:
            self._contexts[name] = self.model.context(self._news[name], self.learnt, None)
        return self._contexts[name]

    def _arm(self, name: str, init: str, texts: Sequence[str]) -> Arm:
        context = self.context(name)
        made = rows_of(context, initialiser(init, **K.get(init, {})))
        return Passages.of(context, texts).bits(self.model, made)

    @property
    def names(self) -> list[str]:
        """Of the tokenizers."""
        return list(self._news)

    def zero_shot(self) -> dict[str, dict[str, Arm]]:
        """By tokenizer and initialiser."""
        return {
            name: {
                init: self.kept.once(f"{name}, {init}", self._arm, name, init, self.texts)
                for init in (*PLAIN, *OF_A_CORPUS)
            }
            for name in self._news
        }

    def choosing(self) -> dict[str, dict[str, float]]:
        """Bits per byte of the text to choose on, by tokenizer and initialiser."""
        domains = [evenly(DOMAINS[name](self._setting.data), 4, 240) for name in CHOSEN_ON]
        texts = [text for domain in domains for text in domain]
        size = float(sizes_of(texts).sum())
        return {
            name: {
                init: sum(
                    self.kept.once(f"choosing, {name}, {init}", self._arm, name, init, texts)[
                        "bits"
                    ]
                )
                / size
                for init in PLAIN
            }
            for name in self._news
        }

    def table(self, found: Mapping[str, Mapping[str, Arm]], what: str) -> Table:
        """Bits per byte of all text, or of new tokens alone."""
        sizes = float(sizes_of(self.texts).sum())
        names = [*dict.fromkeys(init for each in found.values() for init in each)]
        rows: list[tuple[Cell, ...]] = []
        for init in names:
            cells: list[Cell] = [init]
            for each in found.values():
                if init not in each:
                    cells.append(None)
                    continue
                below = sizes if what == "bits" else sum(each[init]["fresh_bytes"])
                cells.append(round(sum(each[init][what]) / max(below, 1), 4))
            rows.append(tuple(cells))
        title = "zero-shot bits per byte" if what == "bits" else "bits per byte of new tokens"
        return Table(
            f"SmolLM2-135M under another tokenizer: {title}",
            ("initialiser", *found),
            tuple(rows),
            f"On {sizes:,.0f} bytes of English novels.",
        )

    def checks(self, found: Mapping[str, Mapping[str, Arm]]) -> list[Check]:
        """Sub-pieces against the mean."""

        def fresh(name: str) -> Estimate:
            arms = [found[name][init] for init in ("mean", "subpieces")]
            less = np.array(arms[0]["fresh"]) - np.array(arms[1]["fresh"])
            return ratio(less, np.array(arms[0]["fresh_bytes"]))

        def whole(name: str) -> Estimate:
            arms = [np.array(found[name][init]["bits"]) for init in ("mean", "subpieces")]
            return ratio(arms[0] - arms[1], sizes_of(self.texts))

        return [
            check(
                "new tokens cost fewer bits per byte with means of sub-pieces than with the mean "
                "of all rows, under each tokenizer",
                {name: fresh(name) for name in self._news},
                matters=FRESH_MATTERS,
            ),
            check(
                "all text does too, under each tokenizer",
                {name: whole(name) for name in self._news},
                matters=MATTERS,
            ),
        ]


def _small(setting: Setting) -> Findings:
    """Without SmolLM2: a few of them on small models."""
    held = first_bytes(split(english(setting.data))[1], setting.pick(40_000, 1_500))
    inits = {name: initialiser(name) for name in ("mean", "subpieces")}
    found = [zero_shot_small(family(setting, seed), inits, held) for seed in setting.seeds]
    rows: list[tuple[Cell, ...]] = [
        (name, round(float(np.mean([each[name] for each in found])), 4)) for name in inits
    ]
    less = over_seeds([each["mean"] - each["subpieces"] for each in found])
    statement = "means of sub-pieces need fewer bits per byte than the mean of all rows"
    return Findings(
        (Table("Small models: zero-shot bits per byte", ("initialiser", "mean"), tuple(rows)),),
        (check(statement, less, matters=MATTERS),),
        ("SmolLM2 was not at hand (`make models`); only small models were moved.",),
    )


def _chosen_table(found: Mapping[str, Mapping[str, float]]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (init, *(round(each[init], 4) for each in found.values()), round(_sum(found, init), 4))
        for init in PLAIN
    ]
    return Table(
        "The text that the default is chosen on: zero-shot bits per byte",
        ("initialiser", *found, "sum"),
        tuple(rows),
        f"16 passages of {', '.join(CHOSEN_ON)} text; nothing else is measured on them.",
    )


def _sum(found: Mapping[str, Mapping[str, float]], init: str) -> float:
    return sum(each[init] for each in found.values())


def _default(found: Mapping[str, Mapping[str, float]]) -> Cost:
    assert set(PLAIN) <= set(INITIALISERS)
    best = min(PLAIN, key=lambda init: _sum(found, init))
    return Cost(
        "the default initialiser is the one with the lowest sum over tokenizers on a text of its "
        "own, of those that need neither donor nor corpus",
        f"{best} has it, {DEFAULT} is the default",
        best == DEFAULT,
    )


EXPERIMENT = Experiment(
    name="Initialisers side by side",
    claim="Of new rows that need nothing but the old tokenizer, means of the rows of sub-pieces "
    "are the best start: better than the mean of all rows, on new tokens and on all text.",
    scale="paper: BERT with smaller vocabularies, fine-tuned; here: SmolLM2-135M to the "
    "tokenizers of GPT-2, Qwen, o200k and a SuperBPE learnt here, zero-shot, on 24 passages of "
    "English novels",
    baseline="the mean of all rows, and all other initialisers in the same run",
    needs=("tokenizers", *FOLDERS),
    run=run,
)
