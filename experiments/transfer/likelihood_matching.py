"""S049: a student keeps what it knew under another tokenizer by matching likelihoods of chunks."""

from __future__ import annotations

import numpy as np

from experiments.harness.corpora import english, first_bytes, size_of, split
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.kept import Kept, source_of
from experiments.harness.verdicts import check
from experiments.transfer.small_models import SmallPair, family, family_text, small_rows
from experiments.transfer.teaching import Arm, pieces_of, taught
from tokenry.learning import Bpe
from tokenry.neural.recipes.language import LanguageModel, bits_per_byte
from tokenry.tokenizer import Tokenizer
from tokenry.transfer import TransferContext, initialiser

MATTERS = 0.005  # bits per byte
# Weights of the loss on the text: ULD's is that of its paper; ALM's gradients are a hundredth of
# it at a temperature of 100, and the paper makes both as large.
ARMS: dict[str, Arm | None] = {
    "text alone": None,
    "uld": ("uld", {}, 1 / 1.5),
    "alm": ("alm", {}, 0.01),
}

Bits = dict[str, float]


def run(setting: Setting) -> Findings:
    """Eight seeds; to another subword tokenizer, and to bytes."""
    kept, found = Kept(setting, "S049", source_of(__file__)), {}
    for kind in ("subwords", "bytes"):
        found[kind] = [
            kept.once(f"{kind}, seed {seed}", _bits, setting, kind, seed) for seed in setting.seeds
        ]
    return Findings(
        (_table(found),),
        tuple(
            check(
                f"to {kind}: ALM below {other} in bits per byte after the same steps",
                over_seeds([each[other] - each["alm"] for each in runs]),
                matters=MATTERS,
            )
            for kind, runs in found.items()
            for other in ("text alone", "uld")
        ),
        (
            "The teacher is the model itself under its own tokenizer; the student begins with "
            "means of sub-pieces. All arms read the same texts in the same order.",
            kept.note(),
        ),
    )


def _bits(setting: Setting, kind: str, seed: int) -> Bits:
    pair = family(setting, seed)
    new = pair.new if kind == "subwords" else Bpe(vocab_size=256).learn(["bytes"])
    student = _student(pair, new)
    learnt, held = split(english(setting.data))
    more = first_bytes(learnt[len(family_text(setting)) :], setting.pick(150_000, 4_000))
    held = first_bytes(held, setting.pick(40_000, 1_500))
    texts = pieces_of(more, 200 if kind == "subwords" else 100)
    own = list(pair.old.encode_batch(held))
    found = {
        "teacher": bits_per_byte(pair.base, own, size_of(held)),
        "before": _of(student, new, held),
    }
    for name in ARMS:
        setting.tell(f"{kind}, seed {seed}: {name}")
        model = taught(
            student, new, pair.base, pair.old, texts, ARMS[name],
            steps=setting.pick(80 if kind == "subwords" else 50, 3), seed=seed,
        )  # fmt: skip
        found[name] = _of(model, new, held)
    return found


def _student(pair: SmallPair, new: Tokenizer) -> LanguageModel:
    rows = small_rows(pair.base)[:-1]
    context = TransferContext(old=pair.old, new=new, old_rows=lambda role: rows)
    return pair.moved(context, initialiser("subpieces"))


def _of(model: LanguageModel, tokenizer: Tokenizer, held: list[str]) -> float:
    return bits_per_byte(model, list(tokenizer.encode_batch(held)), size_of(held))


def _table(found: dict[str, list[Bits]]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            f"{kind}: {arm}",
            *(round(each, 4) for each in _figures([one[arm] for one in runs])),
        )
        for kind, runs in found.items()
        for arm in runs[0]
    ]
    return Table(
        "Bits per byte of held-out text, of a student under another tokenizer",
        ("arm", "mean", "lowest seed", "highest seed"),
        tuple(rows),
    )


def _figures(values: list[float]) -> tuple[float, float, float]:
    return float(np.mean(values)), min(values), max(values)


EXPERIMENT = Experiment(
    name="ALM cross-tokenizer distillation",
    claim="A model that is moved to another tokenizer, to bytes too, learns more from likelihoods "
    "of chunks that both tokenizations share than from the text alone or from sorted "
    "probabilities (ULD).",
    scale="paper: Gemma-2 and Llama-3 of 2 to 8 billion parameters, benchmarks; here: transformers "
    "of 1 million parameters, 80 steps of 12 texts of 200 characters (for bytes 50 steps of 100), "
    "bits per byte of English novels, eight seeds",
    baseline="the same student trained on the same text alone, and with ULD",
    needs=("text",),
    run=run,
    seeds=8,
)
