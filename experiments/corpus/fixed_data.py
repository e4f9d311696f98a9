"""Little data and much computation: repeated epochs, ensembles, and what a student keeps of them.

Source: Kim et al. 2025, "Pre-training under infinite compute", arXiv:2509.14786.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from experiments.harness import corpora
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.verdicts import Estimate, check
from tokenry import learn

if TYPE_CHECKING:
    from tokenry.neural.recipes.language import LanguageModel

USUAL: Final = ((0.1, 8), (0.1, 16))  # weight decay and epochs that are tried
STRONG: Final = ((3.0, 16),)
MEMBERS: Final = 3
KEPT, WORTH = 0.83, 0.3  # shares of the ensemble's gain: as published, and what would matter
CLAIMED, MATTERS = 0.02, 0.02  # bits a byte


@dataclass(frozen=True, eq=False)
class FixedData:
    """Rows of ids of three sides, and bytes of those that are measured."""

    learnt: Sequence[Any]
    tried: Sequence[Any]
    held: Sequence[Any]
    ids: int
    tried_bytes: int
    held_bytes: int


def run(setting: Setting) -> Findings:
    """Tune the usual way of training on one seed, then train, average and distil for each."""
    data = _data(setting)
    usual, strong = (tuned(setting, data, each) for each in (USUAL, STRONG))
    rows: list[tuple[Cell, ...]] = []
    for seed in setting.pick(setting.seeds, (0,)):
        setting.tell(f"seed {seed}: models and a student of {MEMBERS}")
        figures = figures_of(setting, data, usual, strong, seed)
        rows.append((seed, *(round(figure, 4) for figure in figures)))
    columns = ("seed", "usual decay", "strong decay", f"ensemble of {MEMBERS}", "student")
    note = (
        f"chosen on other text: decay {usual[0]:g} and {usual[1]} epochs, decay {strong[0]:g} and "
        f"{strong[1]} epochs"
    )
    return Findings(
        (Table("Bits a byte", columns, tuple(rows), note),),
        _checks(np.array([[float(cell or 0) for cell in row[1:]] for row in rows])),
        (
            "The student has the size of one member and reads the data that all have read; the "
            "paper's is eight times smaller than its ensemble.",
        ),
    )


def figures_of(
    setting: Setting,
    data: FixedData,
    usual: tuple[float, int],
    strong: tuple[float, int],
    seed: int,
) -> list[float]:
    """Bits a byte with the usual decay, with the strong one, of an ensemble and of its student."""
    from tokenry.neural.recipes.fixed_data import LogitEnsemble

    plain = _model(setting, data, usual, 100 + seed)
    members = [_model(setting, data, strong, 10 * seed + i) for i in range(MEMBERS)]
    ensemble = LogitEnsemble(tuple(members))
    student = ensemble.student(
        data.learnt, shape=_shape(setting), passes=_passes(strong), seed=1000 + seed
    )
    alone = (LogitEnsemble((each,)) for each in (plain, members[0], student))
    first, second, last = (each.bits_per_byte(data.held, data.held_bytes) for each in alone)
    return [first, second, ensemble.bits_per_byte(data.held, data.held_bytes), last]


def _data(setting: Setting) -> FixedData:
    documents = corpora.DOMAINS["drama"](setting.data)
    learnt, rest = corpora.split(documents, 0.5, 0)
    learnt = corpora.first_bytes(learnt, setting.pick(30_000, 6_000))
    tried, held = rest[::2], rest[1::2]
    tried, held = (corpora.first_bytes(each, setting.pick(30_000, 5_000)) for each in (tried, held))
    tokenizer = learn(learnt, vocab_size=setting.pick(1_000, 300))
    first, second, third = (list(tokenizer.encode_batch(each)) for each in (learnt, tried, held))
    sizes = corpora.size_of(tried), corpora.size_of(held)
    return FixedData(first, second, third, tokenizer.n_vocab, *sizes)


def _shape(setting: Setting) -> Any:
    from tokenry.neural.recipes.sizes import Shape

    return setting.pick(
        Shape(width=64, layers=2, context=64), Shape(width=16, layers=1, context=32)
    )


def _passes(choice: tuple[float, int]) -> Any:
    from tokenry.neural.recipes.sizes import Passes

    return Passes(passes=choice[1], decay=choice[0], batch=8)


def _model(
    setting: Setting, data: FixedData, choice: tuple[float, int], seed: int
) -> LanguageModel:
    from tokenry.neural.recipes.language import train_language_model

    shown = (choice[0], setting.pick(choice[1], 1))
    return train_language_model(
        data.learnt, data.ids, shape=_shape(setting), passes=_passes(shown), seed=seed
    )


def tuned(
    setting: Setting, data: FixedData, choices: Sequence[tuple[float, int]]
) -> tuple[float, int]:
    """The decay and the epochs that are best on text that is not measured; a single one as is."""
    if len(choices) == 1:
        return (choices[0][0], setting.pick(choices[0][1], 1))
    from tokenry.neural.recipes.language import bits_per_byte

    found = []
    for choice in choices:
        setting.tell(f"decay {choice[0]:g}, {choice[1]} epochs")
        model = _model(setting, data, choice, 99)
        found.append(bits_per_byte(model, data.tried, data.tried_bytes))
    best = choices[int(np.argmin(found))]
    return (best[0], setting.pick(best[1], 1))


def _checks(figures: np.ndarray) -> tuple[Any, ...]:
    usual, strong, ensemble, student = figures.T
    kept = (strong - student) / np.where(strong > ensemble, strong - ensemble, np.inf)
    each: tuple[tuple[str, Estimate, float, float], ...] = (
        ("with thirty times the usual decay more epochs pay: the loss is lower than with the usual "
         "decay at its best", over_seeds(usual - strong), CLAIMED, MATTERS),
        ("averaging models of other seeds is better than one", over_seeds(strong - ensemble),
         CLAIMED, MATTERS),
        ("a student keeps 83% of what the ensemble gains", over_seeds(kept), KEPT, WORTH),
    )  # fmt: skip
    return tuple(
        check(statement, effect, claimed=claimed, matters=matters)
        for statement, effect, claimed, matters in each
    )


EXPERIMENT = Experiment(
    name="Infinite compute",
    claim=(
        "With data fixed and computation free, a weight decay thirty times the usual one and tuned "
        "epochs beat the usual recipe, ensembles beat any single model, and a student eight times "
        "smaller keeps 83% of the ensemble's gain."
    ),
    scale=(
        "Paper: 200M tokens, models to 1.4B parameters, asymptotes over sizes and members. Here: "
        "30 kB of Shakespeare (about 11,000 tokens of a BPE of 1,000), 2 layers and width 64, "
        "three members, a student of one member's size, epochs of the strong decay not tuned; "
        "three seeds."
    ),
    baseline="weight decay 0.1 with the better of 8 and 16 epochs, chosen on other text",
    needs=("tinyshakespeare",),
    run=run,
)
