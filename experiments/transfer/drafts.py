"""Drafts that are moved to their target's tokenizer: how often it takes what they say."""

from __future__ import annotations

import copy

import numpy as np

from experiments.harness.corpora import english, first_bytes, split
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.kept import Kept, source_of
from experiments.harness.verdicts import check, check_bounded
from experiments.transfer.small_models import (
    SmallPair,
    family,
    family_text,
    small_rows,
    trained,
    with_rows,
)
from experiments.transfer.teaching import cut, pieces_of, taught
from tokenry.neural.recipes.language import LanguageModel
from tokenry.neural.recipes.sizes import Shape
from tokenry.tokenizer import Tokenizer
from tokenry.transfer import Donor, TransferContext, initialiser
from tokenry.transfer.acceptance import acceptance

SHAPE = Shape(width=64, layers=2)
MATTERS = 0.01  # of the proposals
SHORT, VERY_SHORT = 0.1, 0.2  # of the acceptance of a draft that was trained with the vocabulary
STEPS, PROPOSALS = 120, 4

Rates = dict[str, dict[str, float]]


def run(setting: Setting) -> Findings:
    """Three seeds: the larger models of the family are targets."""
    kept = Kept(setting, "drafts", source_of(__file__))
    found = [kept.once(f"seed {seed}", _rates, setting, seed) for seed in setting.seeds]

    def sampled(arm: str) -> np.ndarray:
        return np.array([each[arm]["sampled"] for each in found])

    short = 1 - sampled("taught by the target") / sampled("own vocabulary")
    return Findings(
        (_table(found),),
        (
            check_bounded(
                "a moved draft that is taught for a while is accepted nearly as often as one that "
                "was trained with the target's vocabulary (here: 10% less; 20% for the direction)",
                over_seeds(short),
                SHORT,
                loose=VERY_SHORT,
            ),
            check(
                "teaching a moved draft makes it accepted more often",
                over_seeds(sampled("taught by the target") - sampled("moved, subpieces")),
                matters=MATTERS,
            ),
            check(
                "without training, rows by the target's own as donor are accepted more often than "
                "the mean of all rows",
                over_seeds(sampled("moved, omp") - sampled("moved, mean")),
                matters=MATTERS,
            ),
        ),
        (kept.note(),),
    )


def _rates(setting: Setting, seed: int) -> Rates:
    pair = family(setting, seed)
    texts = first_bytes(family_text(setting), setting.pick(700_000, 8_000))
    learnt, held = split(english(setting.data))
    some = pieces_of(first_bytes(held, setting.pick(20_000, 1_000)), 300)
    own = trained(setting, f"draft-own-{seed}", pair.new, texts, seed, SHAPE)
    other = trained(setting, f"draft-other-{seed}", pair.old, texts, seed, SHAPE)
    more = pieces_of(first_bytes(learnt, setting.pick(300_000, 4_000)), 200)
    drafts = {"own vocabulary": own}
    for name in ("mean", "subpieces", "omp"):
        drafts[f"moved, {name}"] = _moved(pair, other, name)
    setting.tell(f"seed {seed}: healing and teaching")
    steps = setting.pick(STEPS, 3)
    start, target = drafts["moved, subpieces"], pair.donor
    for name, arm in (("healed on text", None), ("taught by the target", ("p-kl", {}, 1.0))):
        drafts[name] = taught(
            start, pair.new, target, pair.new, more, arm, steps=steps, seed=seed
        )  # fmt: skip
    return {name: _rate(pair.new, target, draft, some) for name, draft in drafts.items()}


def _moved(pair: SmallPair, draft: LanguageModel, name: str) -> LanguageModel:
    rows = small_rows(draft)
    context = TransferContext(
        old=pair.old,
        new=pair.new,
        old_rows=lambda role: rows[:-1],
        donor=Donor(pair.new, lambda role: small_rows(pair.donor)[:-1]),
    )
    made = initialiser(name).plan(context, "input").rows(context.rows("input"))
    return copy.deepcopy(with_rows(draft, np.concatenate([made, rows[-1:]])))


def _rate(
    tokenizer: Tokenizer, target: LanguageModel, draft: LanguageModel, texts: list[str]
) -> dict[str, float]:
    models = [cut(each).eval() for each in (target, draft)]
    found = acceptance(models[0], models[1], tokenizer, texts, target.end)
    return {
        "sampled": found.sampled, "greedy": found.greedy,
        "per call": found.tokens_per_call(PROPOSALS),
    }  # fmt: skip


def _table(found: list[Rates]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name in found[0]:
        each = [one[name] for one in found]
        means = [float(np.mean([one[fact] for one in each])) for fact in each[0]]
        ends = [round(end([one["sampled"] for one in each]), 4) for end in (min, max)]
        rows.append((name, *(round(mean, 4) for mean in means), *ends))
    return Table(
        "Drafts for a target with another tokenizer",
        ("draft", "accepted, sampled", "accepted, greedy", f"ids a call of {PROPOSALS} proposals",
         "lowest seed", "highest seed"),
        tuple(rows),
    )  # fmt: skip


EXPERIMENT = Experiment(
    name="Transplanted drafts",
    claim="A draft model of another family can serve a target in speculative decoding once it has "
    "the target's vocabulary: moved and trained for a while it is accepted nearly as often as one "
    "that was born with it.",
    scale="targets of 1 million parameters, drafts of 0.3 million, trained on 1.5 and 0.7 MB of "
    "English novels; 120 steps of 12 texts of 200 characters; three seeds",
    baseline="a draft of the same size that was trained with the target's tokenizer",
    needs=("text",),
    run=run,
)
