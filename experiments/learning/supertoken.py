"""S036: supertokens against BPE and SuperBPE, by domain (the learning half of TokenAdapt)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from experiments.harness.corpora import DOMAINS, FOLDERS, Sides, size_of
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.tokens import ALL, ByDomain, count, least_sure, savings
from experiments.harness.verdicts import Check, Estimate, check
from tokenry.learning import Bpe, SuperBpe
from tokenry.learning.supertoken import Supertoken

MATTERS = 0.01


def run(setting: Setting) -> Findings:
    """Learn all three on all domains, count tokens on what was held out of each."""
    sizes = setting.pick((8_000, 32_000), (1_000, 2_000))
    limit = setting.pick(1_500_000, 30_000)
    sides = Sides.of(setting.data, DOMAINS, limit=limit, held=limit)
    learnt, held = sides.all_learnt, sides.held
    setting.tell(f"learning BPE on {size_of(learnt) / 1e6:.1f} MB")
    plain = Bpe(vocab_size=sizes[-1]).learn(learnt)
    drawn = []
    for seed in setting.seeds:
        setting.tell(f"learning supertokens, seed {seed}")
        drawn.append(Supertoken(vocab_size=sizes[-1], seed=seed).learn(learnt))
    rows: list[tuple[Cell, ...]] = []
    for size in sizes:
        setting.tell(f"learning SuperBPE, {size:,} ids")
        base = count(plain.truncate(size), held)
        supers = savings(base, count(SuperBpe(vocab_size=size).learn(learnt), held))
        each = [savings(base, count(tokenizer.truncate(size), held)) for tokenizer in drawn]
        rows += [(size, *row) for row in _rows(base, supers, each)]
    notes = (
        f"Learnt from {size_of(learnt):,} bytes; BPE and supertokens once with {sizes[-1]:,} ids "
        "and truncated, SuperBPE for each size.",
        "The transfer half of the system (rows for new tokens) is not part of this run.",
        "Chunks have 1 to 4 words, all lengths alike; the paper's released code draws characters.",
    )
    return Findings((_table(rows),), (_fewer(supers, each, sizes[-1]),), notes)


def _of_seeds(each: Sequence[Mapping[str, Estimate]], name: str) -> Estimate:
    """The mean of the seeds, from the lowest end of their intervals to the highest."""
    found = [saved[name] for saved in each]
    return Estimate(
        float(np.mean([one.value for one in found])),
        min(one.low for one in found),
        max(one.high for one in found),
    )


def _rows(
    base: ByDomain, supers: Mapping[str, Estimate], each: Sequence[Mapping[str, Estimate]]
) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for name, tokens in base.items():
        saved = [one[name].value for one in each]
        mean = _of_seeds(each, name)
        shares = (supers[name].value, mean.value, min(saved), max(saved), mean.low)
        rows.append((name, int(tokens.sum()), *(round(100 * share, 2) for share in shares)))
    return rows


def _table(rows: Sequence[tuple[Cell, ...]]) -> Table:
    return Table(
        "Tokens of held-out text",
        (
            "ids", "domain", "BPE tokens", "SuperBPE saves %", "supertokens save %",
            "lowest seed %", "highest seed %", "low %",
        ),
        tuple(rows),
        "SuperBPE inherits 90% of its vocabulary. Supertokens: mean of the seeds; low: the lower "
        "end of the 95% interval over documents, the lowest of the seeds.",
    )  # fmt: skip


def _fewer(
    supers: Mapping[str, Estimate], each: Sequence[Mapping[str, Estimate]], size: int
) -> Check:
    saved = {name: _of_seeds(each, name) for name in supers}
    overall = saved.pop(ALL)
    return check(
        f"supertokens write fewer tokens than BPE in every domain, at {size:,} ids",
        saved,
        matters=MATTERS,
        overall=overall,
        found=f"{overall:.1%} fewer over all; SuperBPE saves {supers[ALL].value:.1%}; not surely "
        f"fewer in: {', '.join(least_sure(saved)) or 'none'}",
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
