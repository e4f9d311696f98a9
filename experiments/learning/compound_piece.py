"""CompoundPiece: splitting compounds with no labels, and Unigram learnt on their constituents.

Splitters are compared on words with known parts: the decompounder that learns from hyphens, cutting
by frequency (Koehn and Knight 2003, what there was without labels), a random gap, no cut. Then
Unigram and CompoundPiece of the same size, learnt from the same text, are compared by whether they
have a token boundary at every place where two constituents meet (the paper calls a compound
"hard" where they have not).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

import tokenry
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import Floats, mean_of, resampled
from experiments.harness.verdicts import Check, Estimate, check
from experiments.learning.gold_compounds import Gold, english, german
from tokenry.learning.compound import Compound
from tokenry.learning.compounds.constituents import WordSplitter
from tokenry.learning.compounds.decompounding import Decompounding, cuts
from tokenry.learning.compounds.frequency_splitting import FrequencySplitter
from tokenry.learning.compounds.hyphens import WrittenWords, written_words
from tokenry.learning.counting import count_words, pretokenizer_named
from tokenry.learning.unigram import Unigram
from tokenry.progress import silent
from tokenry.tokenizer import Tokenizer

MATTERS = 0.01  # of the words that come out right
# German text is 0.6 MB, which has no more than about 8,000 pieces worth having.
SIZES = ((4_000, 8_000, 16_000, 32_000), (4_000, 8_000))  # of English, of German
REFERENCES = {
    "published SentencePiece, 32k": "tokenizers/compoundpiece_baseline_de.model",
    "published CompoundPiece, 32k": "tokenizers/compoundpiece_compoundpiece_de.model",
}


@dataclass(frozen=True)
class Trial:
    """One language and one seed: for each method whether each word came out right (1 or 0)."""

    gold: Gold
    compounds: dict[str, Floats]
    simple: dict[str, Floats]


def run(setting: Setting) -> Findings:
    """Split, learn, compare; see the module."""
    limit = setting.pick(10**9, 80_000)
    most = setting.pick(None, 200)
    listed = english(setting.data, "test", limit).first(most)
    held_out = [german(setting.data, seed, limit).first(most) for seed in setting.seeds]
    trials = [_trials(setting, [listed] * len(held_out)), _trials(setting, held_out)]
    tables = [_splitting(trials)]
    kept: list[tuple[str, int, Floats]] = []
    sizes = setting.pick(SIZES, ((1_000,), ()))
    rows = [
        row
        for each, of_language in zip(trials, sizes, strict=True)
        for row in _sizes(setting, each[0].gold, of_language, kept)
    ]
    tables.append(_tokenizing(rows))
    checks = (_beats(trials, 0), _beats(trials, 1), _favours(kept))
    return Findings(
        tuple(tables),
        checks,
        (
            "Options of the decompounder were chosen on the development words of SIGMORPHON 2022, "
            "and on another quarter of the German words, some of which are among those held out "
            "here; the English figures are of the test words, which were not looked at before.",
            "Words of the English list that are no compounds mostly have a prefix or suffix, which "
            "a splitter without labels takes for a constituent now and then.",
            "German has no simple words here, so splitting more readily costs nothing there. Its "
            "gold words are what technical writers put hyphens into, foreign stems above "
            "all; established solid compounds are not among them.",
        ),
    )


def _trials(setting: Setting, golds: Sequence[Gold]) -> list[Trial]:
    """One for each seed and the gold of it."""
    words = {id(gold): _words(gold) for gold in golds}
    return [
        _trial(setting, gold, words[id(gold)], seed)
        for gold, seed in zip(golds, setting.seeds, strict=True)
    ]


def _words(gold: Gold) -> WrittenWords:
    counter = count_words(gold.documents, pretokenizer_named("o200k"), silent, threads=1)
    run, offsets, counts = counter.words()
    pretokens = (run[start:end] for start, end in pairwise(offsets.tolist()))
    return written_words(zip(pretokens, counts.tolist(), strict=True), gold.hyphenated)


def _trial(setting: Setting, gold: Gold, words: WrittenWords, seed: int) -> Trial:
    setting.tell(f"splitting {gold.language} compounds, seed {seed}")
    learnt = Decompounding(seed=seed).learn(words)
    methods: dict[str, WordSplitter] = {
        "frequency": FrequencySplitter(words.counts),
        "none": _Whole(),
    }
    if learnt is not None:
        methods["hyphens"] = learnt
    methods["random gap"] = _RandomGap(seed)
    return Trial(
        gold,
        {name: _right(method, gold.compounds) for name, method in methods.items()},
        {name: _right(method, [(w, ()) for w in gold.simple]) for name, method in methods.items()},
    )


class _Whole:
    def split(self, words: Sequence[str]) -> list[list[str]]:
        return [[word] for word in words]


@dataclass(frozen=True)
class _RandomGap:
    seed: int

    def split(self, words: Sequence[str]) -> list[list[str]]:
        draw = np.random.default_rng(self.seed)
        places = [int(draw.integers(3, max(4, len(word) - 2))) for word in words]
        return [[word[:at], word[at:]] for word, at in zip(words, places, strict=True)]


def _right(splitter: WordSplitter, gold: Sequence[tuple[str, tuple[int, ...]]]) -> Floats:
    found = splitter.split([word for word, _ in gold])
    pairs = zip(found, gold, strict=True)
    return np.array([cuts(parts) == where for parts, (_, where) in pairs], dtype=np.float64)


def _balanced(trial: Trial, method: str, draw: np.random.Generator | None = None) -> float:
    """Mean of the accuracies on compounds and, where there are any, on simple words."""
    sides = [side[method] for side in (trial.compounds, trial.simple) if len(side[method])]
    return float(np.mean([_mean(side, draw) for side in sides]))


def _mean(values: Floats, draw: np.random.Generator | None) -> float:
    if draw is None:
        return float(values.mean())
    return float(values[draw.integers(0, len(values), len(values))].mean())


def _splitting(trials: Sequence[Sequence[Trial]]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for of_language in trials:
        for method in ("hyphens", "frequency", "random gap", "none"):
            if method not in of_language[0].compounds:
                continue
            right = np.concatenate([trial.compounds[method] for trial in of_language])
            first = mean_of(right[: len(of_language[0].compounds[method])])
            simple = [t.simple[method].mean() for t in of_language if len(t.simple[method])]
            rows.append(
                (of_language[0].gold.language, method, len(of_language[0].gold.compounds),
                 round(float(right.mean()), 3), round(first.low, 3), round(first.high, 3),
                 round(float(np.mean(simple)), 3) if simple else None,
                 round(float(np.mean([_balanced(t, method) for t in of_language])), 3))
            )  # fmt: skip
    return Table(
        "Splitting words",
        ("language", "splitter", "compounds", "split exactly", "95% from", "95% to",
         "simple words left whole", "mean of both"),
        tuple(rows),
        "Means over seeds; the interval resamples the words of the first seed.",
    )  # fmt: skip


def _beats(trials: Sequence[Sequence[Trial]], language: int) -> Check:
    of_language = trials[language]
    name = of_language[0].gold.language
    statement = (
        f"{name}: the decompounder learnt from hyphens splits more accurately than frequencies do "
        "(paper: +13.9 points over the best unsupervised splitter before it)"
    )
    if any("hyphens" not in trial.compounds for trial in of_language):
        said = "too few hyphenated words to learn from"
        return check(statement, Estimate(0.0), matters=MATTERS, found=said)
    both = bool(of_language[0].gold.simple)
    on = "mean of compounds and simple words" if both else "words whose hyphens were taken away"
    gain = resampled(
        float(np.mean([_gain(trial, None) for trial in of_language])),
        lambda draw: float(np.mean([_gain(trial, draw) for trial in of_language])),
    )
    return check(statement, gain, matters=MATTERS, found=f"{gain * 100:+.1f} points ({on})")


def _gain(trial: Trial, draw: np.random.Generator | None) -> float:
    if draw is None:
        return _balanced(trial, "hyphens") - _balanced(trial, "frequency")
    gains = [side["hyphens"] - side["frequency"] for side in (trial.compounds, trial.simple)]
    return float(np.mean([_mean(gain, draw) for gain in gains if len(gain)]))


def _sizes(
    setting: Setting,
    gold: Gold,
    sizes: Sequence[int],
    kept: list[tuple[str, int, Floats]],
) -> list[tuple[Cell, ...]]:
    """Rows of the table of tokenizers; what each gained on each compound goes to ``kept``."""
    rows: list[tuple[Cell, ...]] = []
    for size in sizes:
        setting.tell(f"{gold.language}: Unigram and CompoundPiece, {size:,} ids")
        learners = {"Unigram": Unigram, "CompoundPiece": Compound}
        easy = {}
        for name, kind in learners.items():
            tokenizer = kind(vocab_size=size, threads=1).learn(list(gold.documents))
            easy[name] = _easy(tokenizer, gold)
            rows.append(_row(name, size, tokenizer, gold, easy[name]))
        gain = easy["CompoundPiece"] - easy["Unigram"]
        kept.append((gold.language, size, gain))
    if gold.language == "German":
        rows += _published(setting, gold)
    return rows


def _published(setting: Setting, gold: Gold) -> list[tuple[Cell, ...]]:
    rows = []
    for name, path in list(REFERENCES.items())[: setting.pick(None, 1)]:
        tokenizer = tokenry.load(setting.data.file(path))
        rows.append(_row(name, len(tokenizer.vocabulary), tokenizer, gold, _easy(tokenizer, gold)))
    return rows


def _easy(tokenizer: Tokenizer, gold: Gold) -> Floats:
    """Whether a token ends wherever two constituents of a compound meet, for each (1 or 0)."""
    found = []
    for word, where in gold.compounds:
        text = f" {word}"
        ends = set(tokenizer.encode_with_spans(text)[1][:, 1].tolist())
        found.append(all(len(text[: at + 1].encode()) in ends for at in where))
    return np.array(found, dtype=np.float64)


def _row(name: str, size: int, tokenizer: Tokenizer, gold: Gold, easy: Floats) -> tuple[Cell, ...]:
    words = [f" {word}" for word, _ in gold.compounds]
    share = mean_of(easy)
    sample = gold.documents[-1].decode("utf-8", "replace")
    tokens = tokenizer.count(sample)
    return (
        gold.language, name, size, round(share.value, 3), round(share.low, 3), round(share.high, 3),
        round(float(tokenizer.count_batch(words, threads=1).mean()), 3),
        round(len(sample.encode()) / tokens, 3),
    )  # fmt: skip


def _tokenizing(rows: Sequence[tuple[Cell, ...]]) -> Table:
    return Table(
        "Token boundaries where constituents meet",
        ("language", "tokenizer", "ids", "compounds with all boundaries", "95% from", "95% to",
         "tokens a compound", "bytes a token of text"),
        tuple(rows),
        "Text: the last of the documents that were learnt from. The published models were learnt "
        "from web text, so they stand for orientation.",
    )  # fmt: skip


def _favours(kept: Sequence[tuple[str, int, Floats]]) -> Check:
    gains = {f"{language} {size:,}": gain for language, size, gain in kept}
    means = {name: mean_of(gain) for name, gain in gains.items()}
    overall = resampled(
        float(np.mean([gain.mean() for gain in gains.values()])),
        lambda draw: float(np.mean([_mean(gain, draw) for gain in gains.values()])),
    )
    return check(
        "Unigram learnt on constituents has a boundary where constituents meet in more compounds "
        "than plain Unigram of the same size, in each pair",
        means,
        matters=MATTERS,
        overall=overall,
        found="; ".join(f"{name}: {gain * 100:+.1f} points" for name, gain in means.items()),
    )


EXPERIMENT = Experiment(
    name="CompoundPiece",
    claim="A decompounder trained on nothing but hyphenated words is 13.9 points more accurate "
    "than the best unsupervised one before it, and Unigram trained on its constituents cuts "
    "compounds at their constituents more often.",
    scale="Paper: ByT5, web text and Wiktionary words in 56 languages, 32,768 and 250,112 ids. "
    "Here: a log-linear model, 8 MB of English with the gold words of SIGMORPHON 2022, 0.6 MB of "
    "German with a quarter of its hyphenated words held out, 4,000 to 32,000 ids, three seeds.",
    baseline="Splitting by frequency (Koehn and Knight 2003), a random gap, no split; plain "
    "Unigram of the same size from the same text.",
    needs=("text", "flores_dev", "udhr", "morphology", "tokenizers"),
    run=run,
)
