"""LiB beside BPE and SuperBPE of the same size: tokens and types of held-out text, and gold words.

Three seeds of LiB; the others draw nothing. Words are those of child-directed speech (the Brent
corpus), whose spaces are taken out before learning: the finds of LiB, and of BPE over the same
utterances, are held to where the spaces stood.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

import numpy as np

from experiments.harness import corpora
from experiments.harness.experiment import Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.verdicts import Check, Estimate, check
from tokenry.learning.bpe import Bpe
from tokenry.learning.lib import Lib
from tokenry.learning.superbpe import SuperBpe
from tokenry.tokenizer import Tokenizer

CORPORA = ("english", "chinese")
WORD_SIZES = (1_000, 1_500, 2_000)
MATTERS = 0.01  # of tokens, types and F1


@dataclass(frozen=True)
class Use:
    """How a tokenizer writes held-out text."""

    tokens: int
    types: int

    @classmethod
    def of(cls, tokenizer: Tokenizer, documents: Sequence[str]) -> Use:
        """Count."""
        ids = tokenizer.encode_batch(documents, threads=1).ids
        return cls(len(ids), len(np.unique(ids)))


@dataclass(frozen=True)
class Trial:
    """All learners on one corpus at one size; of LiB one a seed."""

    corpus: str
    size: int
    bytes: int
    bpe: Use
    superbpe: Use
    lib: tuple[Use, ...]

    @property
    def name(self) -> str:
        """Corpus and size."""
        return f"{self.corpus} {self.size:,}"

    def saved(self, use: Use) -> float:
        """Share of BPE's tokens that are not needed."""
        return 1 - use.tokens / self.bpe.tokens


@dataclass(frozen=True)
class Found:
    """Boundaries of a segmentation against gold ones."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True)
class Words:
    """Gold words found by BPE and, one a seed, by LiB, at one size."""

    size: int
    bpe: Found
    lib: tuple[Found, ...]


def run(setting: Setting) -> Findings:
    """Learn all from each corpus and to each size; see the module."""
    trials = [
        _trial(setting, name, size)
        for name in CORPORA
        for size in setting.pick((4_096, 8_192, 16_384), (600,))
    ]
    words = _words(setting)
    return Findings(
        (_compression(trials), _boundaries(words)),
        (_fewer_tokens(trials), _fewer_types(trials), _finds_words(words)),
        (
            "BPE stays inside pretokens (o200k); LiB and SuperBPE do not. What LiB saves against "
            "BPE is therefore mostly what spanning words saves; SuperBPE in the same table tells "
            "how much of it is LiB's own.",
            "Types are the distinct ids that held-out text uses; the vocabularies are equal.",
        ),
    )


def _trial(setting: Setting, corpus: str, size: int) -> Trial:
    learn, held = corpora.split(corpora.DOMAINS[corpus](setting.data))
    learn = corpora.first_bytes(learn, setting.pick(10**9, 60_000))
    held = held[: setting.pick(10**9, 10)]
    setting.tell(f"{corpus}, {size:,} ids")
    passes = setting.pick(None, 3)
    return Trial(
        corpus,
        size,
        corpora.size_of(held),
        Use.of(Bpe(vocab_size=size, threads=1).learn(learn), held),
        Use.of(SuperBpe(vocab_size=size, threads=1).learn(learn), held),
        tuple(
            Use.of(Lib(vocab_size=size, seed=seed, passes=passes).learn(learn), held)
            for seed in setting.seeds
        ),
    )


def _words(setting: Setting) -> list[Words]:
    lines = setting.data.file("childes_br/br-text.txt").read_text("utf-8").splitlines()
    gold = [line.split() for line in lines[: setting.pick(10**9, 800)] if line.strip()]
    bare = ["".join(words) for words in gold]
    setting.tell("words of child-directed speech")
    found = []
    for size in setting.pick(WORD_SIZES, WORD_SIZES[:1]):
        bpe = Bpe(vocab_size=size, pretokenizer="whole", threads=1).learn(bare)
        libs = (
            Lib(vocab_size=size, seed=seed, passes=setting.pick(None, 3)).learn(bare)
            for seed in setting.seeds
        )
        found.append(Words(size, _found(bpe, gold), tuple(_found(lib, gold) for lib in libs)))
    return found


def _found(tokenizer: Tokenizer, gold: Sequence[Sequence[str]]) -> Found:
    right = made = true = 0
    for words in gold:
        sizes = [len(word.encode()) for word in words]
        wanted = set(np.cumsum(sizes)[:-1].tolist())
        spans = tokenizer.encode_with_spans("".join(words))[1]
        got = set(spans[:-1, 1].tolist())
        right, made, true = right + len(got & wanted), made + len(got), true + len(wanted)
    return Found(right / made if made else 0.0, right / true if true else 0.0)


def _compression(trials: Sequence[Trial]) -> Table:
    rows = []
    for trial in trials:
        named = [("BPE", trial.bpe), ("SuperBPE", trial.superbpe)]
        named += [(f"LiB, run {number}", use) for number, use in enumerate(trial.lib)]
        rows += [
            (trial.corpus, trial.size, name, use.tokens, round(trial.bytes / use.tokens, 4),
             round(100 * use.tokens / trial.bpe.tokens - 100, 2), use.types)
            for name, use in named
        ]  # fmt: skip
    return Table(
        "Held-out text at equal vocabulary",
        ("corpus", "ids", "learner", "tokens", "bytes per token", "tokens against BPE (%)",
         "types used"),
        tuple(rows),
    )  # fmt: skip


def _boundaries(words: Sequence[Words]) -> Table:
    rows = []
    for each in words:
        named = [("BPE", each.bpe)]
        named += [(f"LiB, run {number}", found) for number, found in enumerate(each.lib)]
        rows += [
            (each.size, name, round(f.precision, 4), round(f.recall, 4), round(f.f1, 4))
            for name, f in named
        ]
    return Table(
        "Word boundaries in child-directed speech without spaces",
        ("ids", "learner", "precision", "recall", "F1"),
        tuple(rows),
        "Learnt and held to gold on the same utterances, as in the paper; 256 ids are bytes.",
    )


def _fewer_tokens(trials: Sequence[Trial]) -> Check:
    saved = {trial.name: [trial.saved(use) for use in trial.lib] for trial in trials}
    best = [mean(saved[trial.name]) - trial.saved(trial.superbpe) for trial in trials]
    return _everywhere(
        "fewer tokens than BPE at equal vocabulary, on every corpus and size",
        saved,
        f"LiB saves {_range(saved)} of BPE's tokens; against SuperBPE "
        f"{100 * min(best):+.1f} to {100 * max(best):+.1f} points",
    )


def _fewer_types(trials: Sequence[Trial]) -> Check:
    fewer = {trial.name: [1 - use.types / trial.bpe.types for use in trial.lib] for trial in trials}
    return _everywhere(
        "fewer types than BPE in the same text",
        fewer,
        f"LiB uses {_range(fewer)} fewer distinct ids",
    )


def _finds_words(words: Sequence[Words]) -> Check:
    lib = [mean(found.f1 for found in each.lib) for each in words]
    bpe = [each.bpe.f1 for each in words]
    return _everywhere(
        "chunks are closer to words than BPE's over the same text without spaces, at each size",
        {f"{each.size:,}": [found.f1 - each.bpe.f1 for found in each.lib] for each in words},
        f"boundary F1 of LiB {min(lib):.3f} to {max(lib):.3f}, of BPE {min(bpe):.3f} to "
        f"{max(bpe):.3f}",
    )


def _everywhere(statement: str, effects: Mapping[str, Sequence[float]], found: str) -> Check:
    """Each trial with the interval over seeds, and their mean."""
    each: dict[str, Estimate] = {name: over_seeds(seeds) for name, seeds in effects.items()}
    overall = over_seeds(np.mean(list(effects.values()), axis=0))
    return check(statement, each, matters=MATTERS, overall=overall, found=found)


def _range(shares: Mapping[str, Sequence[float]]) -> str:
    means = [100 * mean(each) for each in shares.values()]
    seeds = len(next(iter(shares.values())))
    return f"{min(means):.1f}% to {max(means):.1f}% (means of {seeds} seeds)"


EXPERIMENT = Experiment(
    name="LiB (Less is Better)",
    claim=(
        "A lexicon of subwords, words and multiword units that is learnt by reading gives fewer "
        "tokens and fewer types than BPE, and its chunks lie close to words."
    ),
    scale=(
        "Papers: child-directed speech and corpora of a few megabytes, sizes that emerge "
        "(recalled). Here: novels (8 MB) and Chinese books (3 MB), a tenth held out, 4,096 to "
        "16,384 ids; 10,000 utterances to children for gold words, 1,000 to 2,000 ids; "
        "three seeds."
    ),
    baseline="BPE (o200k pretokens) and SuperBPE of the same size; for words, BPE without cuts",
    needs=("text", "childes_br"),
    run=run,
)
