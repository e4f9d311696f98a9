"""S041: rows that a hypernetwork predicts, under tokenizers that it never saw."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from experiments.harness.corpora import english, first_bytes, size_of, split
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.kept import Kept, source_of
from experiments.harness.verdicts import check
from experiments.transfer.hypernetworks import hypernetwork
from experiments.transfer.small_models import SmallPair, family, family_text, small_rows
from tokenry.learning import SuperBpe, Unigram
from tokenry.neural.recipes.language import bits_per_byte
from tokenry.tokenizer import Tokenizer
from tokenry.transfer import FirstOf, RowInitialiser, TransferContext, initialiser
from tokenry.transfer.initialisers.copied import CopiedRows
from tokenry.transfer.initialisers.mean import MeanRow
from tokenry.transfer.initialisers.zett import PredictedRows

MATTERS = 0.01  # bits per byte
HEURISTICS = ("mean", "subpieces", "focus")
Bits = dict[str, dict[str, float]]


def unseen(setting: Setting, pair: SmallPair) -> dict[str, Tokenizer]:
    """Tokenizers of other kinds than those that were drawn in training."""
    texts = first_bytes(family_text(setting), setting.pick(600_000, 8_000))
    ids = setting.pick(3_000, 400)
    return {
        "BPE": pair.new,
        "SuperBPE": SuperBpe(vocab_size=ids).learn(texts),
        "Unigram": Unigram(vocab_size=ids).learn(texts),
    }


def run(setting: Setting) -> Findings:
    """Three seeds; a model, a hypernetwork and three tokenizers each."""
    held = first_bytes(split(english(setting.data))[1], setting.pick(30_000, 2_000))
    kept = Kept(setting, "S041", source_of(__file__))
    shared: dict[str, TransferContext] = {}  # vectors do not depend on the seed
    found = [
        kept.once(f"seed {seed}", _bits, setting, seed, held, shared) for seed in setting.seeds
    ]
    names = list(found[0])
    return Findings(
        (_table(found),),
        tuple(
            check(
                f"the hypernetwork below {heuristic} in zero-shot bits per byte, under each of "
                "three tokenizers",
                {
                    name: over_seeds([each[name][heuristic] - each[name]["zett"] for each in found])
                    for name in names
                },
                matters=MATTERS,
            )
            for heuristic in HEURISTICS
        ),
        (
            "The hypernetwork is trained on Unigram tokenizers that are drawn for each batch; none "
            "of these three was among them.",
            kept.note(),
        ),
    )


def _bits(setting: Setting, seed: int, held: list[str], shared: dict[str, TransferContext]) -> Bits:
    pair = family(setting, seed)
    predicted = FirstOf((CopiedRows(), PredictedRows(hypernetwork(setting, pair, seed)), MeanRow()))
    corpus = first_bytes(family_text(setting), setting.pick(120_000, 6_000))
    old_rows = small_rows(pair.base)[:-1]
    found: Bits = {}
    for name, new in unseen(setting, pair).items():
        setting.tell(f"seed {seed}: {name}")
        given = shared.get(name) or TransferContext(
            old=pair.old, new=new, old_rows=lambda role: old_rows, corpus=corpus
        )
        context = shared[name] = given.on_rows(lambda role: old_rows)
        chosen: Mapping[str, RowInitialiser] = {
            "zett": predicted, **{each: initialiser(each) for each in HEURISTICS}
        }  # fmt: skip
        rows = list(new.encode_batch(held))
        found[name] = {
            each: bits_per_byte(pair.moved(context, init), rows, size_of(held))
            for each, init in chosen.items()
        }
        own = list(pair.old.encode_batch(held))
        found[name]["before"] = bits_per_byte(pair.base, own, size_of(held))
    return found


def _table(found: list[Bits]) -> Table:
    arms = ("before", "zett", *HEURISTICS)
    rows: list[tuple[Cell, ...]] = [
        (name, *(round(float(np.mean([each[name][arm] for each in found])), 4) for arm in arms))
        for name in found[0]
    ]
    return Table(
        "Small models under tokenizers that the hypernetwork never saw: zero-shot bits per byte",
        ("tokenizer", *arms),
        tuple(rows),
        "Means over seeds; before: with the tokenizer that the model was trained with.",
    )


EXPERIMENT = Experiment(
    name="Zero-shot tokenizer transfer",
    claim="A hypernetwork that is trained once for a model, on tokenizers that are drawn, predicts "
    "rows for tokenizers that it never saw, and beats heuristics without training.",
    scale="paper: XLM-R and Mistral-7B, 200,000 steps; here: transformers of 1 million parameters "
    "trained on 1.5 MB of English novels, hypernetworks of 0.3 million parameters and 150 steps, "
    "three seeds",
    baseline="the mean of all rows, means of sub-pieces, and FOCUS, in the same run",
    needs=("text",),
    run=run,
)
