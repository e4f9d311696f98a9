"""S036: supertokens against BPE and SuperBPE, by domain (the learning half of TokenAdapt)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from experiments.harness.corpora import DOMAINS, FOLDERS, first_bytes, size_of, split
from experiments.harness.experiment import Check, Experiment, Findings, Setting, Table, check
from tokenry.learning import Bpe, SuperBpe
from tokenry.learning.supertoken import Supertoken
from tokenry.measuring.interval import ratio_interval
from tokenry.tokenizer import Tokenizer

Counts = dict[str, NDArray[np.int64]]


def run(setting: Setting) -> Findings:
    """Learn all three on all domains, count tokens on what was held out of each."""
    sizes = setting.pick((8_000, 32_000), (1_000, 2_000))
    limit = setting.pick(1_500_000, 30_000)
    learnt: list[str] = []
    held: dict[str, list[str]] = {}
    for name, read in DOMAINS.items():
        first, second = split(read(setting.data))
        learnt += first_bytes(first, limit)
        held[name] = first_bytes(second, limit)
    setting.tell(f"learning BPE on {size_of(learnt) / 1e6:.1f} MB")
    plain = Bpe(vocab_size=sizes[-1]).learn(learnt)
    drawn = []
    for seed in setting.seeds:
        setting.tell(f"learning supertokens, seed {seed}")
        drawn.append(Supertoken(vocab_size=sizes[-1], seed=seed).learn(learnt))
    rows: list[tuple[str | int | float, ...]] = []
    saved: dict[int, dict[str, tuple[float, float]]] = {}
    against: dict[int, float] = {}
    for size in sizes:
        setting.tell(f"learning SuperBPE, {size:,} ids")
        supers = _counts(SuperBpe(vocab_size=size).learn(learnt), held)
        base = _counts(plain.truncate(size), held)
        each = [_counts(tokenizer.truncate(size), held) for tokenizer in drawn]
        saved[size] = {}
        for name in (*held, "all"):
            row, low, mean, other = _row(name, base, supers, each)
            rows.append((size, *row))
            saved[size][name] = (mean, low)
            if name == "all":
                against[size] = mean - other
    table = Table(
        "Tokens of held-out text",
        (
            "ids", "domain", "BPE tokens", "SuperBPE saves %", "supertokens save %",
            "lowest seed %", "highest seed %", "low %",
        ),
        tuple(rows),
        "SuperBPE inherits 90% of its vocabulary. Supertokens: mean of the seeds; low: the lower "
        "end of the 95% interval over documents, the lowest of the seeds.",
    )  # fmt: skip
    notes = (
        f"Learnt from {size_of(learnt):,} bytes; BPE and supertokens once with {sizes[-1]:,} ids "
        "and truncated, SuperBPE for each size.",
        "The transfer half of the system (rows for new tokens) is not part of this run.",
        "Chunks have 1 to 4 words, all lengths alike; the paper's released code draws characters.",
    )
    return Findings((table,), _checks(saved, against, sizes[-1]), notes)


def _counts(tokenizer: Tokenizer, held: dict[str, list[str]]) -> Counts:
    found = {name: tokenizer.count_batch(documents) for name, documents in held.items()}
    return {**found, "all": np.concatenate(list(found.values()))}


def _row(
    name: str, base: Counts, supers: Counts, drawn: list[Counts]
) -> tuple[tuple[str | int | float, ...], float, float, float]:
    before = base[name]
    other = 1 - float(supers[name].sum() / before.sum())
    saved = [1 - float(counts[name].sum() / before.sum()) for counts in drawn]
    intervals = [ratio_interval(counts[name], before, seed=0) for counts in drawn]
    low = min(1 - each.high if each else -1.0 for each in intervals)
    mean = float(np.mean(saved))
    shares = [round(100 * each, 2) for each in (other, mean, min(saved), max(saved), low)]
    return (name, int(before.sum()), *shares), low, mean, other


def _checks(
    saved: dict[int, dict[str, tuple[float, float]]], against: dict[int, float], size: int
) -> tuple[Check, ...]:
    unsure = [name for name, (_, low) in saved[size].items() if not low > 0]
    mean = saved[size]["all"][0]
    return (
        check(
            f"supertokens write fewer tokens than BPE in every domain, at {size:,} ids",
            f"{mean:.1%} fewer over all; SuperBPE saves {mean - against[size]:.1%}; not surely "
            f"fewer in: {', '.join(unsure) or 'none'}",
            holds=not unsure,
            in_direction=mean > 0,
        ),
    )


EXPERIMENT = Experiment(
    name="TokenAdapt + Supertokens (the learning half)",
    claim="BPE over random chunks of several words makes supertokens that give notable gains in "
    "compression: fewer tokens at equal vocabulary.",
    scale="Paper: 128,000 ids on a large web mixture. Here: ten domains, at most 1.5 MB of each, "
    "8,000 and 32,000 ids, three seeds of the draws.",
    baseline="BPE (o200k pattern) and SuperBPE at equal vocabulary and equal bytes.",
    needs=FOLDERS,
    run=run,
)
