"""S144: whether figures of tokenizers rank them alike, and as models trained under them do.

Twelve tokenizers, three learners at four sizes, from the same text. Each metric is measured on two
disjoint parts of held-out text of one domain and on another domain; a small model under each gives
the outcome. How far two rankings agree is Spearman's correlation, with the interval over tokenizers
and seeds.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import combinations, product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.corpora import DOMAINS, first_bytes, size_of, split
from experiments.harness.correlation import over_groups, spearman
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import DRAWS
from experiments.harness.trained import bits_under
from experiments.harness.verdicts import Check, Estimate, check
from tokenry.learning import SmallerVocabularyWarning, learner
from tokenry.tokenizer import Tokenizer

KINDS: Final = ("bpe", "unigram", "wordpiece")
SIZES: Final = (600, 1_000, 2_000, 4_000)
DOMAIN, OTHER = "english", "clinical"
EFFICIENCY, FERTILITY = "Renyi efficiency", "few tokens a word"
Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


def metrics(tokenizer: Tokenizer, texts: Sequence[str]) -> dict[str, float]:
    """Figures of a tokenizer on text; more is meant to be better in each."""
    ids = tokenizer.encode_batch(texts).ids
    shares = np.bincount(ids, minlength=tokenizer.n_vocab) / len(ids)
    used = shares[shares > 0]
    size = size_of(texts)
    words = sum(len(text.split()) for text in texts)
    log_ids = float(np.log2(tokenizer.n_vocab))
    entropy = -float((used * np.log2(used)).sum())
    return {
        "bytes a token": size / len(ids),
        "few tokens a word": -len(ids) / words,
        "Renyi efficiency": float(np.log2((used**2.5).sum()) / (1 - 2.5)) / log_ids,
        "Shannon efficiency": entropy / log_ids,
        "few unigram bits a byte": -entropy * len(ids) / size,
        "share of ids used": len(used) / tokenizer.n_vocab,
    }


def run(setting: Setting) -> Findings:
    """Learn, measure on three texts, train, and correlate rankings."""
    learnt, parts = _texts(setting)
    kinds, sizes = setting.pick((KINDS, SIZES), (KINDS, (600, 700)))
    values: dict[str, list[dict[str, float]]] = {name: [] for name in parts}
    bits: list[tuple[float, ...]] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallerVocabularyWarning)
        for kind, size in product(kinds, sizes):
            tokenizer = learner(kind, vocab_size=size).learn(learnt)
            for name, texts in parts.items():
                values[name].append(metrics(tokenizer, texts))
            bits.append(_bits(setting, f"{kind} {size:,}", tokenizer, learnt, parts["first part"]))
    outcome = -np.array(bits)
    rankings = {
        part: {name: np.array([row[name] for row in rows]) for name in rows[0]}
        for part, rows in values.items()
    }
    return _findings(rankings, outcome, setting.pick(DRAWS, 50))


def _texts(setting: Setting) -> tuple[list[str], dict[str, list[str]]]:
    documents = first_bytes(DOMAINS[DOMAIN](setting.data), setting.pick(250_000, 60_000))
    learnt, held = split(documents, held=0.4)
    other = first_bytes(DOMAINS[OTHER](setting.data), setting.pick(150_000, 10_000))
    return learnt, {"first part": held[::2], "second part": held[1::2], "another domain": other}


def _bits(
    setting: Setting, name: str, tokenizer: Tokenizer, learnt: Sequence[str], held: Sequence[str]
) -> tuple[float, ...]:
    from tokenry.neural.recipes.sizes import Passes, Shape

    shape = Shape(width=setting.pick(48, 16), layers=1, context=64)
    return bits_under(setting, name, tokenizer, learnt, held, shape, Passes(rate=5e-3, batch=8))


def _findings(
    rankings: Mapping[str, Mapping[str, Floats]], outcome: Floats, draws: int
) -> Findings:
    here, there, other = rankings.values()
    count, seeds = outcome.shape

    def estimate(statistic: Callable[[Indices], float]) -> Estimate:
        return over_groups(lambda rows, _: statistic(rows), count, seeds, draws)

    def concur(first: Mapping[str, Floats], second: Mapping[str, Floats], rows: Indices) -> float:
        return float(np.nanmean([spearman(first[m][rows], second[m][rows]) for m in first]))

    def among(rows: Indices) -> float:
        pairs = combinations(here.values(), 2)
        return float(np.nanmean([spearman(a[rows], b[rows]) for a, b in pairs]))

    def as_models_do(values: Floats, rows: Indices, at: Indices) -> float:
        return spearman(values[rows], outcome[rows][:, at].mean(axis=1))

    def closer(rows: Indices, at: Indices) -> float:
        efficiency, fertility = here[EFFICIENCY], here[FERTILITY]
        return as_models_do(efficiency, rows, at) - as_models_do(fertility, rows, at)

    with_outcome = {
        name: over_groups(partial(as_models_do, values), count, seeds, draws)
        for name, values in here.items()
    }
    found = {
        "one metric, two parts of a text": estimate(lambda rows: concur(here, there, rows)),
        "one metric, two domains": estimate(lambda rows: concur(here, other, rows)),
        "two metrics, one text": estimate(among),
        **{f"{name}, with trained models": each for name, each in with_outcome.items()},
    }
    apart = estimate(lambda rows: concur(here, there, rows) - among(rows))
    more = over_groups(closer, count, seeds, draws)
    note = (
        f"{EFFICIENCY} against {FERTILITY}, two metrics named beforehand: their correlations with "
        f"trained models differ by {more:.2f}. Of six, the best and "
        "the worst would differ by chance."
    )
    return Findings((_table(found),), _checks(found, apart), (*NOTES, note))


def _checks(found: Mapping[str, Estimate], apart: Estimate) -> tuple[Check, ...]:
    return (
        check(
            "metrics that are meant to say the same rank tokenizers differently: their mean "
            "correlation is below 1",
            1 - found["two metrics, one text"], matters=0.2, claimed=0.4,
        ),
        check(
            "what is measured matters more than on which part of a text: two parts rank more alike "
            "by one metric than two metrics on one part",
            apart, matters=0.1, claimed=0.3,
        ),
    )  # fmt: skip


def _table(found: Mapping[str, Estimate]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (name, *(round(each, 3) for each in (e.value, e.low, e.high))) for name, e in found.items()
    ]
    return Table(
        "How far rankings agree",
        ("rankings", "Spearman", "low", "high"),
        tuple(rows),
        "Of twelve tokenizers; trained models: fewer bits a byte. Intervals draw tokenizers and "
        "seeds.",
    )


NOTES: Final = (
    "The paper ranks models by benchmarks of compositionality; here tokenizers are ranked by "
    "metrics, and by small models trained under them.",
    "Larger vocabularies pack more and use fewer of their ids, so some metrics rank sizes in "
    "opposite orders.",
)

EXPERIMENT = Experiment(
    name="Concurrence of rankings",
    claim="Benchmarks that are meant to test the same thing rank systems differently, and less "
    "alike than parts of one benchmark do.",
    scale="Paper: six models on eighteen splits of four data sets of compositionality. Here: "
    "twelve tokenizers, six metrics, two parts of English novels and clinical notes, a "
    "transformer of one layer of width 48 under each, three seeds.",
    baseline="The same metric on two parts of one text; trained models.",
    needs=("text", "mts_dialog_clinical"),
    run=run,
)
