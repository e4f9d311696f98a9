"""S138: matching pursuit against other ways to make new rows, on a real and on small models."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from experiments.harness.corpora import english, first_bytes, split
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds, ratio
from experiments.harness.verdicts import Check, Cost, Estimate, check
from experiments.transfer.real_model import (
    FILES,
    Floats,
    Moved,
    models_folder,
    tokenizers,
    whisper_donor,
    zero_shot,
)
from experiments.transfer.small_models import healed, train_pair, zero_shot_small
from tokenry.neural.recipes.sizes import Passes, Shape
from tokenry.tokenizer import load
from tokenry.transfer import Renorm, RowInitialiser, initialiser
from tokenry.transfer.initialisers.omp import pursue
from tokenry.transfer.initialisers.spaces import anchored

MATTERS = 0.003  # bits per byte
PASSAGE = 500  # characters
K = 8
PLAIN = ("zero", "mean", "gaussian", "subpieces")
OF_A_SPACE = ("neighbours", "omp", "least-squares", "landmark-pca")
OF_A_CORPUS = ("focus", "wechsel", "local", "global", "tokenadapt", "cw2v")
RACED = 512  # new rows of the race


def inits(names: Sequence[str]) -> dict[str, RowInitialiser]:
    """By name; matching pursuit at a small k."""
    options = {"omp": {"k": K}}
    found = {name: initialiser(name, **options.get(name, {})) for name in names}
    if "subpieces" in found:
        found["subpieces, renormed"] = Renorm(found["subpieces"])
    return found


def run(setting: Setting) -> Findings:
    """Small models with three seeds; SmolLM2 where it is at hand."""
    learnt, held = split(english(setting.data))
    small = _small(setting, learnt, held)
    tables = [_small_table(small)]
    checks = _small_checks(small)
    notes = ["New rows of the small models come from a donor that was trained beside the base."]
    costs: list[Cost] = []
    folder = models_folder() if setting.size == "full" else None
    if folder is None:
        notes.append("SmolLM2 was not at hand (`make models`); only small models were moved.")
    else:
        found, sizes, before = _real(setting, folder, learnt, held)
        tables += [_real_table(found, sizes, before), _new_table(found)]
        checks += _real_checks(found["GPT-2, donor Whisper"], sizes)
        costs.append(_race(setting, folder, notes))
    return Findings(tuple(tables), tuple(checks), tuple(notes), tuple(costs))


Small = Mapping[str, list[float]]


def _small(setting: Setting, learnt: Sequence[str], held: Sequence[str]) -> dict[str, list[float]]:
    """Bits per byte by initialiser, one a seed; after a little healing under ``healed ...``."""
    size = setting.pick(700_000, 12_000)
    shape = setting.pick(Shape(width=96, layers=2), Shape(width=16, layers=1, heads=2, context=32))
    texts, others = first_bytes(learnt, size), first_bytes(held, setting.pick(60_000, 3_000))
    chosen = inits((*PLAIN, *OF_A_SPACE))
    found: dict[str, list[float]] = {}
    for seed in setting.seeds:
        pair = train_pair(
            setting, texts, seed, ids=setting.pick(2_500, 400), shape=shape,
            passes=Passes(),
        )  # fmt: skip
        for name, bits in zero_shot_small(pair, chosen, others).items():
            found.setdefault(name, []).append(bits)
        for name in ("mean", "subpieces", "omp"):
            setting.tell(f"seed {seed}: healing {name}")
            part = first_bytes(learnt, setting.pick(100_000, 3_000))
            bits = healed(pair, chosen[name], part, others, seed)
            found.setdefault(f"healed {name}", []).append(bits)
    return found


def _small_table(found: Small) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (name, round(float(np.mean(bits)), 4), round(min(bits), 4), round(max(bits), 4))
        for name, bits in found.items()
    ]
    return Table(
        "Small models under another tokenizer: bits per byte, zero-shot and after healing rows",
        ("initialiser", "mean", "lowest seed", "highest seed"),
        tuple(rows),
    )


def _small_checks(found: Small) -> list[Check]:
    pairs = (("mean", "neighbours"), ("neighbours", "omp"))
    return [
        check(
            f"small models, a trained donor: {better} below {worse} in zero-shot bits per byte",
            over_seeds(np.array(found[worse]) - np.array(found[better])),
            matters=MATTERS,
        )
        for worse, better in pairs
    ]


Real = dict[str, dict[str, tuple[Floats, float]]]


def _real(
    setting: Setting, folder: Path, learnt: Sequence[str], held: Sequence[str]
) -> tuple[Real, Floats, Floats]:
    """By tokenizer and initialiser the bits of passages; their bytes; bits under the old one."""
    model = Moved.open(folder / "smollm2-135m")
    texts = [text[:PASSAGE] for text in held[:: max(1, len(held) // 10)][:10]]
    corpus = first_bytes(learnt, 150_000)
    sizes = np.array([len(text.encode()) for text in texts], np.float64)
    start = model.network.config.bos_token_id
    before, _ = model.bits(model.rows, model.tokenizer, texts, start)
    found: Real = {}
    for name, new in tokenizers(setting.data, first_bytes(learnt, 500_000)).items():
        context = model.context(new, corpus, None)
        more = OF_A_CORPUS if name == "GPT-2" else ("focus",)
        of_a_space = OF_A_SPACE if name == "GPT-2" else ("neighbours", "omp")
        chosen = inits((*PLAIN, *more, *of_a_space))
        found[name] = zero_shot(setting, model, name, context, chosen, texts)
        if name == "GPT-2":
            label = "GPT-2, donor Whisper"
            given = model.context(new, corpus, whisper_donor(folder / "whisper-tiny.en"))
            found[label] = zero_shot(
                setting, model, label, given, inits(("mean", *OF_A_SPACE)), texts
            )
    return found, sizes, before


def _real_table(found: Real, sizes: Floats, before: Floats) -> Table:
    names = list(dict.fromkeys(name for each in found.values() for name in each))
    rows: list[tuple[Cell, ...]] = []
    for name in names:
        bits = [
            round(float(each[name][0].sum() / sizes.sum()), 4) if name in each else None
            for each in found.values()
        ]
        rows.append((name, *bits))
    return Table(
        "SmolLM2-135M under another tokenizer: zero-shot bits per byte",
        ("initialiser", *found),
        tuple(rows),
        f"With its own tokenizer {before.sum() / sizes.sum():.4f}, on the same {sizes.sum():,.0f} "
        "bytes of English novels.",
    )


def _new_table(found: Real) -> Table:
    names = list(dict.fromkeys(name for each in found.values() for name in each))
    rows: list[tuple[Cell, ...]] = [
        (name, *(round(each[name][1], 4) if name in each else None for each in found.values()))
        for name in names
    ]
    return Table(
        "SmolLM2-135M under another tokenizer: bits per byte of new tokens alone",
        ("initialiser", *found),
        tuple(rows),
    )


def _real_checks(found: Mapping[str, tuple[Floats, float]], sizes: Floats) -> list[Check]:
    def fewer(worse: str, better: str) -> Estimate:
        return ratio(found[worse][0] - found[better][0], sizes)

    pairs = (("mean", "neighbours"), ("neighbours", "omp"))
    return [
        check(
            f"SmolLM2 to GPT-2's tokenizer, Whisper's rows as donor: {better} below {worse} in "
            "zero-shot bits per byte",
            fewer(worse, better),
            matters=MATTERS,
        )
        for worse, better in pairs
    ]


def _race(setting: Setting, folder: Path, notes: list[str]) -> Cost:
    """Matching pursuit on the same new rows, by mergekit and by ours, in CPU seconds."""
    statement = "matching pursuit costs no more than mergekit's, on the same rows"
    if find_spec("mergekit") is None:
        notes.append("mergekit is not installed, so it was not raced.")
        return Cost(statement, "mergekit is not installed", False)
    import torch
    from mergekit.tokensurgeon.omp import batch_omp

    model = Moved.open(folder / "smollm2-135m")
    new = load(setting.data.file(f"tokenizers/{FILES['GPT-2']}"))
    given = anchored(model.context(new, (), whisper_donor(folder / "whisper-tiny.en")), "input")
    targets = given.targets[given.ids >= 0][-RACED:]
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
    return Cost(statement, found, mine <= other)


EXPERIMENT = Experiment(
    name="Orthogonal matching pursuit",
    claim="New rows that are rebuilt from a few shared rows of a donor by orthogonal matching "
    "pursuit keep a model's quality best without training: below its nearest neighbours, and these "
    "below the mean of all rows, in bits per byte.",
    scale="paper: Llama to Mistral-NeMo (12B) and Qwen to Llama (1B), benchmarks; here: "
    "SmolLM2-135M to the tokenizers of GPT-2, Qwen, o200k and a SuperBPE learnt here, on 5 kB of "
    "English novels, and transformers of 0.5 million parameters trained on 0.7 MB, three seeds",
    baseline="the mean, neighbours and all other initialisers in the same run; mergekit's matching "
    "pursuit where it is installed",
    needs=("text", "tokenizers"),
    run=run,
)
