"""S138: matching pursuit against neighbours and the mean, on a real and on small models."""

from __future__ import annotations

import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from experiments.harness.corpora import english, first_bytes, split
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import needed, over_seeds, ratio
from experiments.harness.kept import Kept, source_of
from experiments.harness.models import models_folder
from experiments.harness.verdicts import Check, Cost, Estimate, check
from experiments.transfer.real_model import (
    FILES,
    Moved,
    Passages,
    computes_in,
    evenly,
    rows_of,
    sizes_of,
    whisper_donor,
    wordllama_donor,
)
from experiments.transfer.small_models import family, zero_shot_small
from tokenry.tokenizer import load
from tokenry.transfer import RowInitialiser, TransferContext, initialiser
from tokenry.transfer.initialisers.omp import pursue
from tokenry.transfer.initialisers.spaces import anchored

MATTERS = 0.003  # bits per byte
K = 8
KS = (2, 4, 8, 16, 32, 64)
OF_A_DONOR = ("neighbours", "least-squares", "landmark-pca")
ORDER = (("mean", "neighbours"), ("neighbours", f"omp, k={K}"))
RACED = 512  # new rows of the race
DONORS = {"GPT-2, donor Whisper": "whisper-tiny.en", "Llama-2, donor WordLlama": "wordllama"}


def inits() -> dict[str, RowInitialiser]:
    """By name; matching pursuit at small and at large k."""
    found = {name: initialiser(name) for name in ("zero", "mean", "subpieces", *OF_A_DONOR)}
    return found | {f"omp, k={k}": initialiser("omp", k=k) for k in KS}


def run(setting: Setting) -> Findings:
    """Small models with eight seeds; SmolLM2 where it is at hand."""
    held = split(english(setting.data))[1]
    kept = Kept(setting, "S138", source_of(__file__))
    small = _small(setting, kept, first_bytes(held, setting.pick(40_000, 2_000)))
    tables, checks = [_small_table(small)], _small_checks(small)
    notes = ["New rows of the small models come from a donor that was trained beside the base."]
    costs: list[Cost] = []
    folder = models_folder() if setting.size == "full" else None
    if folder is None:
        notes.append("SmolLM2 was not at hand (`make models`); only small models were moved.")
    else:
        texts = evenly(held, 30, 400)
        found, sizes = _real(setting, kept, folder, texts), sizes_of(texts)
        tables.append(_real_table(found, float(sizes.sum())))
        checks += _real_checks(found, np.array(sizes))
        costs += _race(setting, folder, notes)
        near = checks[len(ORDER)].effects.values()
        least = max(needed(each, len(texts), MATTERS) for each in near)
        notes.append(
            f"SmolLM2 computes in {computes_in()}. Neighbours and the mean differ in the rows of "
            "new ids alone, of which this text has few: to be sure that there is no difference "
            f"that matters on all text takes about {least:,.0f} passages, at two CPU seconds each; "
            "of new tokens alone the table tells."
        )
    return Findings(tuple(tables), tuple(checks), (*notes, kept.note()), tuple(costs))


Small = Mapping[str, list[float]]


def _small(setting: Setting, kept: Kept, held: list[str]) -> dict[str, list[float]]:
    """Bits per byte by initialiser, one a seed."""
    found: dict[str, list[float]] = {}

    def make(seed: int) -> dict[str, float]:
        return zero_shot_small(family(setting, seed), inits(), held)

    for seed in setting.seeds:
        bits = kept.once(f"small, seed {seed}", make, seed)
        for name, each in bits.items():
            found.setdefault(name, []).append(each)
    return found


def _small_table(found: Small) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (name, round(float(np.mean(bits)), 4), round(min(bits), 4), round(max(bits), 4))
        for name, bits in found.items()
    ]
    return Table(
        "Small models under another tokenizer: zero-shot bits per byte",
        ("initialiser", "mean", "lowest seed", "highest seed"),
        tuple(rows),
    )


def _small_checks(found: Small) -> list[Check]:
    return [
        check(
            f"small models, a trained donor: {better} below {worse} in zero-shot bits per byte",
            over_seeds(np.array(found[worse]) - np.array(found[better])),
            matters=MATTERS,
        )
        for worse, better in ORDER
    ]


Real = dict[str, dict[str, dict[str, list[float]]]]


def _real(setting: Setting, kept: Kept, folder: Path, texts: list[str]) -> Real:
    """By donor and initialiser."""
    opened: list[Moved] = []
    contexts: dict[str, TransferContext] = {}

    def context(label: str) -> TransferContext:
        if not opened:
            opened.append(Moved.open(folder / "smollm2-135m", half=True))
        if label not in contexts:
            path = folder / DONORS[label]
            donor = (whisper_donor if "Whisper" in label else wordllama_donor)(path)
            file = setting.data.file(f"tokenizers/{FILES['GPT-2']}")
            new = load(file) if "GPT-2" in label else donor.tokenizer
            contexts[label] = opened[0].context(new, (), donor)
        return contexts[label]

    def make(label: str, init: RowInitialiser) -> dict[str, list[float]]:
        given = context(label)
        return Passages.of(given, texts).bits(opened[0], rows_of(given, init))

    return {
        label: {
            name: kept.once(f"{label}, {name}", make, label, init)
            for name, init in inits().items()
            if name in ("mean", "subpieces", *OF_A_DONOR, f"omp, k={K}")
        }
        for label in DONORS
    }


def _real_table(found: Real, size: float) -> Table:
    names = list(dict.fromkeys(name for each in found.values() for name in each))
    rows: list[tuple[Cell, ...]] = [
        (
            name,
            *(round(sum(each[name]["bits"]) / size, 4) for each in found.values()),
            *(
                round(sum(each[name]["fresh"]) / max(sum(each[name]["fresh_bytes"]), 1), 3)
                for each in found.values()
            ),
        )
        for name in names
    ]
    return Table(
        "SmolLM2-135M under another tokenizer, rows by a real donor: zero-shot bits per byte",
        ("initialiser", *found, *(f"{each}, of new tokens" for each in found)),
        tuple(rows),
        f"On {size:,.0f} bytes of English novels.",
    )


def _real_checks(found: Real, sizes: np.ndarray) -> list[Check]:
    def fewer(label: str, worse: str, better: str) -> Estimate:
        one, two = (np.array(found[label][name]["bits"]) for name in (worse, better))
        return ratio(one - two, sizes)

    return [
        check(
            f"SmolLM2 with a real donor: {better} below {worse} in zero-shot bits per byte",
            {label: fewer(label, worse, better) for label in found},
            matters=MATTERS,
        )
        for worse, better in ORDER
    ]


def _race(setting: Setting, folder: Path, notes: list[str]) -> list[Cost]:
    """Matching pursuit on the same new rows, by mergekit and by ours, in CPU seconds."""
    if find_spec("mergekit") is None:
        notes.append("mergekit is not installed, so it was not raced.")
        return []
    import torch
    from mergekit.tokensurgeon.omp import batch_omp

    model = Moved.open(folder / "smollm2-135m")
    new = load(setting.data.file(f"tokenizers/{FILES['GPT-2']}"))
    context = model.context(new, (), whisper_donor(folder / "whisper-tiny.en"))
    given = anchored(context, "input")
    # A shared row is one atom; what is left of it is noise, and so is what would be chosen next.
    targets = given.targets[context.matches.old_of_new[given.ids] < 0][:RACED]
    seconds: dict[str, list[float]] = {"ours": [], "mergekit": []}
    for _ in range(2):
        at = time.process_time()
        ours, _weights = pursue(targets, given.atoms, K)
        seconds["ours"].append(time.process_time() - at)
        at = time.process_time()
        theirs, _coefficients = batch_omp(
            torch.from_numpy(targets), torch.from_numpy(given.atoms), K
        )
        seconds["mergekit"].append(time.process_time() - at)
    same = float((ours == theirs.numpy()).mean())
    mine, other = min(seconds["ours"]), min(seconds["mergekit"])
    found = f"{mine:.2f} s against {other:.2f} s for {RACED} rows, {same:.1%} of choices the same"
    statement = "matching pursuit costs no more than mergekit's, on the same rows"
    return [Cost(statement, found, mine <= other)]


EXPERIMENT = Experiment(
    name="Orthogonal matching pursuit",
    claim="New rows that are rebuilt from a few shared rows of a donor by orthogonal matching "
    "pursuit keep a model's quality best without training: below its nearest neighbours, and these "
    "below the mean of all rows, in bits per byte.",
    scale="paper: Llama to Mistral-NeMo (12B) and Qwen to Llama (1B), benchmarks; here: "
    "SmolLM2-135M to the tokenizers of GPT-2 and Llama-2, with Whisper tiny.en and WordLlama as "
    "donors, on 12 kB of English novels, and transformers of 1 million parameters trained on "
    "1.5 MB, eight seeds",
    baseline="the mean, neighbours and other initialisers in the same run; mergekit's matching "
    "pursuit where it is installed",
    needs=("text", "tokenizers"),
    run=run,
    seeds=8,
)
