"""ReTok: all initialisers side by side, which one is the default, and how rows heal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from experiments.harness.corpora import DOMAINS, FOLDERS, english, first_bytes, split
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds, ratio
from experiments.harness.verdicts import Check, Cost, Estimate, check
from experiments.transfer.healing import POINTS, STEPS, real_curve
from experiments.transfer.kept import Kept
from experiments.transfer.real_model import (
    OWN,
    Moved,
    Passages,
    evenly,
    models_folder,
    rows_of,
    sizes_of,
    tokenizers,
    whisper_donor,
)
from experiments.transfer.small_models import family, small_curve
from tokenry.transfer import INITIALISERS, TransferContext, initialiser
from tokenry.transfer.registry import DEFAULT

PLAIN = ("zero", "mean", "gaussian", "subpieces", "rising", "last-first")
OF_A_CORPUS = ("focus", "neighbours", "omp")
MORE_OF_A_CORPUS = ("wechsel", "local", "global", "tokenadapt", "cw2v", "least-squares")
OF_A_DONOR = ("neighbours", "omp", "least-squares", "landmark-pca")
HEALED = ("mean", "subpieces", "focus")
THREE = ("GPT-2", OWN)  # tokenizers that all of these are healed under
CORPUS = 400_000  # bytes that vectors are trained on
CHOSEN_ON = ("biomedical", "code", "financial", "legal")
MATTERS, FRESH_MATTERS = 0.003, 0.05  # bits per byte, of all text and of new tokens
K = {"omp": {"k": 8}}
DONATED = "GPT-2, donor Whisper"

Arm = Mapping[str, list[float]]


def run(setting: Setting) -> Findings:
    """SmolLM2 where it is at hand; small models with three seeds."""
    kept = Kept(setting, "retok", POINTS)
    small = _small(setting, kept)
    tables, checks = [_small_table(small)], _small_checks(small)
    costs: list[Cost] = []
    notes = ["Small models and SmolLM2 heal by the same steps; only rows learn."]
    folder = models_folder() if setting.size == "full" else None
    if folder is None:
        notes.append("SmolLM2 was not at hand (`make models`); only small models were moved.")
    else:
        real = RealModels(setting)
        zero, chosen = real.zero_shot(), real.choosing()
        curves = real.curves()
        tables += [real.table(zero, "bits"), real.table(zero, "fresh"), _chosen_table(chosen)]
        tables.append(real.curve_table(curves))
        checks += real.checks(zero, curves)
        costs.append(_default(chosen))
        notes.append(
            "SmolLM2 computes in bfloat16. Of the rows, those of ids in the text are trained; a "
            "step reads 2 rows of 48 ids."
        )
        kept.spent += real.kept.spent
    return Findings(tuple(tables), tuple(checks), (*notes, kept.note()), tuple(costs))


class RealModels:
    """SmolLM2 under four tokenizers; every figure is kept."""

    def __init__(self, setting: Setting) -> None:
        learnt, held = split(english(setting.data))
        self._learnt = first_bytes(learnt, CORPUS)
        self._texts = evenly(held, 24, 500)
        self._setting, self.kept = setting, Kept(setting, "retok-real", (CORPUS, self._texts))
        self._folder = models_folder() or setting.scratch
        self._news = tokenizers(setting.data, first_bytes(learnt, 500_000))
        self._opened: dict[str, Moved] = {}
        self._contexts: dict[str, TransferContext] = {}

    @property
    def _model(self) -> Moved:
        if not self._opened:
            self._opened[""] = Moved.open(self._folder / "smollm2-135m", half=True)
        return self._opened[""]

    def _context(self, name: str) -> TransferContext:
        if name not in self._contexts:
            donor = whisper_donor(self._folder / "whisper-tiny.en") if name == DONATED else None
            new = self._news["GPT-2" if name == DONATED else name]
            self._contexts[name] = self._model.context(new, self._learnt, donor)
        return self._contexts[name]

    def _arm(self, name: str, init: str, texts: Sequence[str]) -> Arm:
        context = self._context(name)
        made = rows_of(context, initialiser(init, **K.get(init, {})))
        return Passages.of(context, texts).bits(self._model, made)

    def zero_shot(self) -> dict[str, dict[str, Arm]]:
        """By tokenizer and initialiser."""
        arms: dict[str, tuple[str, ...]] = dict.fromkeys(self._news, (*PLAIN, *OF_A_CORPUS))
        arms[OWN] += MORE_OF_A_CORPUS
        arms[DONATED] = OF_A_DONOR
        return {
            name: {
                init: self.kept.once(f"{name}, {init}", self._arm, name, init, self._texts)
                for init in inits
            }
            for name, inits in arms.items()
        }

    def choosing(self) -> dict[str, dict[str, float]]:
        """Bits per byte of the text to choose on, by tokenizer and initialiser."""
        domains = [evenly(DOMAINS[name](self._setting.data), 4, 400) for name in CHOSEN_ON]
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

    def curves(self) -> dict[str, dict[str, list[float]]]:
        """Bits per byte at each point, by tokenizer and initialiser."""
        held = self._texts[::3]
        size = float(sizes_of(held).sum())
        learnt = self._learnt[:30]

        def make(name: str, init: str) -> list[float]:
            context = self._context(name)
            made = rows_of(context, initialiser(init))
            return real_curve(self._model, made, learnt, Passages.of(context, held), 0)

        return {
            name: {
                init: [
                    bits / size
                    for bits in self.kept.once(f"healing, {name}, {init}", make, name, init)
                ]
                for init in HEALED[: None if name in THREE else 2]
            }
            for name in self._news
        }

    def table(self, found: Mapping[str, Mapping[str, Arm]], what: str) -> Table:
        """Bits per byte of all text, or of new tokens alone."""
        sizes = float(sizes_of(self._texts).sum())
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

    def curve_table(self, curves: Mapping[str, Mapping[str, list[float]]]) -> Table:
        """Bits per byte by steps."""
        rows: list[tuple[Cell, ...]] = [
            (f"{name}: {init}", *(round(each, 4) for each in points))
            for name, inits in curves.items()
            for init, points in inits.items()
        ]
        return Table(
            "SmolLM2-135M, bits per byte while rows are healed",
            ("tokenizer: initialiser", *(f"{each} steps" for each in POINTS)),
            tuple(rows),
            f"On {sizes_of(self._texts[::3]).sum():,.0f} bytes of English novels; one order of "
            "the text.",
        )

    def checks(
        self,
        found: Mapping[str, Mapping[str, Arm]],
        curves: Mapping[str, Mapping[str, list[float]]],
    ) -> list[Check]:
        """Sub-pieces against the mean, zero-shot and healed."""

        def fresh(name: str) -> Estimate:
            arms = [found[name][init] for init in ("mean", "subpieces")]
            less = np.array(arms[0]["fresh"]) - np.array(arms[1]["fresh"])
            return ratio(less, np.array(arms[0]["fresh_bytes"]))

        healed = [curves[name]["mean"][-1] - curves[name]["subpieces"][-1] for name in self._news]
        return [
            check(
                "SmolLM2, zero-shot: new tokens cost fewer bits per byte with means of sub-pieces "
                "than with the mean of all rows, under each tokenizer",
                {name: fresh(name) for name in self._news},
                matters=FRESH_MATTERS,
            ),
            check(
                f"SmolLM2: after {STEPS} steps means of sub-pieces need fewer bits per byte than "
                "the mean of all rows, over tokenizers",
                over_seeds(healed),
                matters=MATTERS,
            ),
        ]


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
    name="ReTok and all initialisers",
    claim="A model's tokenizer can be replaced: new rows begin as means of the old rows of their "
    "sub-pieces, rows are trained first, and little is lost; that start is better than the mean.",
    scale="paper: models of 1 to 8 billion parameters, 40 billion tokens; here: SmolLM2-135M to "
    "the tokenizers of GPT-2, Qwen, o200k and a SuperBPE learnt here, 200 steps of 96 ids, and "
    "transformers of 1 million parameters, three seeds, 200 steps",
    baseline="the mean of all rows, and all other initialisers in the same run",
    needs=("tokenizers", *FOLDERS),
    run=run,
)
