"""S020: how many times a letter stands in a word, by how the word is tokenized.

The same words of English novels, the same questions and the same answers, in letters and in tokens
of BPE that see no letters. Words that are asked about in the end stand in no training question.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.corpora import english, split
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.trained import once
from experiments.harness.verdicts import Baseline, Check, check
from tokenry.learning import Bpe
from tokenry.tokenizer import Tokenizer

SIZES: Final = (400, 1_000, 4_000)
LETTERS: Final = "letters"
MOST: Final = 3  # counts above it are answered by it
LEAST: Final = 5  # letters of a word
ASKED: Final = 4  # letters of a word that are asked about, half of them in it
POINTS, MATTERS = 10.0, 2.0
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Questions:
    """Words, the letters asked for, and how often they stand there."""

    words: list[str]
    letters: list[str]
    counts: NDArray[np.int64]

    @classmethod
    def about(cls, words: Sequence[str], seed: int) -> Questions:
        """For each word as many letters that it has as others."""
        drawn = np.random.default_rng(seed)
        asked: list[str] = []
        for word in words:
            others = sorted(set("abcdefghijklmnopqrstuvwxyz") - set(word))
            asked += drawn.choice(list(word), ASKED // 2).tolist()  # repeated letters more often
            asked += drawn.choice(others, ASKED // 2).tolist()
        repeated = [word for word in words for _ in range(ASKED)]
        counts = [word.count(letter) for word, letter in zip(repeated, asked, strict=True)]
        return cls(repeated, asked, np.minimum(counts, MOST))


@dataclass(frozen=True, slots=True)
class Reading:
    """How an arm writes a word: tokens of a tokenizer, or its letters one by one."""

    name: str
    tokenizer: Tokenizer

    def prompt(self, word: str, letter: str) -> list[int]:
        """Ids of the word, then that of the letter, moved behind all of the tokenizer."""
        parts = list(word) if self.name == LETTERS else [word]
        ids = [id_ for part in parts for id_ in self.tokenizer.encode(part)]
        return [*ids, self.tokenizer.n_vocab + ord(letter) - ord("a")]

    @property
    def first_count(self) -> int:
        """The id that says zero."""
        return self.tokenizer.n_vocab + 26


def right(setting: Setting, reading: Reading, known: Questions, new: Questions, seed: int) -> Rows:
    """For each question about words never asked about, whether a model counts right (1 or 0)."""
    from tokenry.neural.recipes.answers import give_answers, train_answers
    from tokenry.neural.recipes.sizes import Passes, Shape

    def prompts(of: Questions) -> list[list[int]]:
        return [reading.prompt(*each) for each in zip(of.words, of.letters, strict=True)]

    setting.tell(f"{reading.name}, seed {seed}")
    shape = setting.pick(
        Shape(width=64, layers=2, context=32), Shape(width=16, layers=1, heads=2, context=32)
    )
    first = reading.first_count
    model = train_answers(
        prompts(known),
        [[first + int(count)] for count in known.counts],
        first + MOST + 1,
        shape=shape,
        passes=Passes(rate=3e-3, batch=64, passes=setting.pick(3, 1)),
        seed=seed,
    )
    given = give_answers(model, prompts(new), 1)
    return [int(row == [first + int(count)]) for row, count in zip(given, new.counts, strict=True)]


Rows = list[int]


def run(setting: Setting) -> Findings:
    """Train every arm with every seed on the same questions."""
    documents = english(setting.data)[: setting.pick(None, 20)]
    found = Counter(re.findall(r"\b[a-z]+\b", " ".join(documents)))
    often = [w for w, n in found.most_common() if len(w) >= LEAST and n >= setting.pick(5, 1)]
    words = sorted(often[: setting.pick(9_000, 60)])
    learnt, held = split(words, held=0.2)
    known, new = Questions.about(learnt, 1 + setting.draw), Questions.about(held, setting.draw)
    sizes = setting.pick(SIZES, SIZES[:1])
    arms = [Reading(LETTERS, Bpe(vocab_size=256).learn(words[:1]))]
    arms += [Reading(f"BPE {size:,}", Bpe(vocab_size=size).learn(words)) for size in sizes]
    shares = {}
    for arm in arms:
        given = (arm.name, arm.tokenizer.fingerprint(), len(known.words))
        one = partial(right, setting, arm, known, new)
        rows = [once(setting, "counting", given, seed, one) for seed in setting.seeds]
        shares[arm.name] = np.array([_balanced(np.array(row), new.counts) for row in rows])
    return Findings((_table(shares, arms, new),), _checks(shares), (NOTE,))


def _balanced(right: NDArray[np.int64], counts: NDArray[np.int64]) -> list[float]:
    """Percent right of each count, and their mean, in which rare counts weigh as much."""
    by_count = [
        float(100 * right[counts == count].mean()) for count in sorted(set(counts.tolist()))
    ]
    return [float(np.mean(by_count)), *by_count]


def _checks(shares: dict[str, Floats]) -> tuple[Check, ...]:
    letters = shares[LETTERS][:, 0]
    chance = 100 / (MOST + 1)
    gaps = {n: over_seeds(letters - each[:, 0]) for n, each in shares.items() if n != LETTERS}
    by_size = [each[:, 0] for name, each in shares.items() if name != LETTERS]
    worst = min(float(each.mean()) for each in by_size)
    return (
        check(
            "letters are counted better in words of letters than in tokens of the same words "
            "(recalled: tens of points with GPT-4o mini; here points of the mean over counts)",
            gaps, matters=MATTERS, claimed=POINTS,
            baseline=Baseline(worst, floor=chance, ceiling=100.0),
        ),
        check(
            "and the worse the more letters a token has (smallest against largest vocabulary)",
            over_seeds(by_size[0] - by_size[-1]), matters=MATTERS, claimed=POINTS,
        ),
    )  # fmt: skip


def _table(shares: dict[str, Floats], arms: Sequence[Reading], new: Questions) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for arm in arms:
        values = shares[arm.name]
        mean = over_seeds(values[:, 0])
        prompts = [arm.prompt(word, "a") for word in new.words]
        rows.append(
            (arm.name, round(float(np.mean([len(each) - 1 for each in prompts])), 2),
             *(round(each, 1) for each in (mean.value, mean.low, mean.high)),
             *np.round(values[:, 1:].mean(axis=0), 1).tolist())
        )  # fmt: skip
    counts = [f"of {count} %" for count in sorted(set(new.counts.tolist()))]
    return Table(
        "Letters counted right in words never asked about",
        ("words in", "ids a word", "mean over counts %", "low", "high", *counts),
        tuple(rows),
        f"{len(new.words):,} questions; the last count is {MOST} or more. Chance: "
        f"{100 / (MOST + 1):.0f}%.",
    )


NOTE: Final = (
    "Every model reads the same questions as often; with letters it reads more ids, as the paper's "
    "models do that are given items with spaces between."
)

EXPERIMENT = Experiment(
    name="Counting ability",
    claim="Models count letters better where each letter is a token of its own than where tokens "
    "of BPE hold several.",
    scale="Paper: GPT-4o mini and Claude, strings of letters, with and without steps of reasoning. "
    "Here: a transformer of two layers of width 64, 9,000 words of English novels, four questions "
    "each, three seeds; answers without steps.",
    baseline="The same words, questions, model and steps in tokens of BPE of three sizes; chance.",
    needs=("text",),
    run=run,
)
