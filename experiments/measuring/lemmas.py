"""S048: lemmas of inflected words with and without their morphological tags, by tokenizer.

Small models write the lemma of a Mongolian word, from its form alone or from form and tag, in
letters or in tokens of BPE. Words asked about are other forms of lemmas that were learnt, and forms
of lemmas that were not, which stands for a domain that is not known.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.data import Data
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.trained import once
from experiments.harness.verdicts import Check, Estimate, check_bounded
from tokenry.learning import Bpe, SmallerVocabularyWarning
from tokenry.tokenizer import Tokenizer

FILE: Final = "morphology/morphynet/mon.inflectional.v1.tsv"
READINGS: Final = ("letters", "BPE")
ASKED: Final = ("lemmas learnt", "lemmas not learnt")
IDS: Final = 700
LITTLE, LOOSE = 2.0, 5.0  # points
LONGEST: Final = 24  # ids of a lemma
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Words:
    """Forms, their tags and their lemmas."""

    forms: list[str]
    tags: list[str]
    lemmas: list[str]

    @classmethod
    def of(cls, rows: Sequence[Sequence[str]]) -> Words:
        """From rows of lemma, form and tag."""
        return cls([row[1] for row in rows], [row[2] for row in rows], [row[0] for row in rows])


def words(data: Data, seed: int, most: int | None) -> tuple[Words, Words, Words]:
    """Words to learn from, other forms of their lemmas, and forms of other lemmas."""
    lines = data.file(FILE).read_text("utf-8").splitlines()
    rows = sorted({tuple(line.split("\t")[:3]) for line in lines if line.count("\t") >= 2})[:most]
    drawn = np.random.default_rng(seed)
    lemmas = sorted({row[0] for row in rows})
    out = set(drawn.permutation(lemmas)[: len(lemmas) // 5].tolist())
    order = [rows[at] for at in drawn.permutation(len(rows)).tolist()]
    known = [row for row in order if row[0] not in out]
    held = len(known) // 6
    unknown = [row for row in order if row[0] in out]
    return Words.of(known[held:]), Words.of(known[:held]), Words.of(unknown[: max(held, 1)])


@dataclass(frozen=True, slots=True)
class Reading:
    """How words are written, and whether the tag is read."""

    name: str
    tokenizer: Tokenizer
    tags: tuple[str, ...]
    tagged: bool

    @property
    def ids(self) -> int:
        """Those of the tokenizer, one for each tag, and one that ends a form."""
        return self.tokenizer.n_vocab + len(self.tags) + 1

    def word(self, text: str) -> list[int]:
        """Ids of a word."""
        parts = list(text) if self.name == "letters" else [text]
        return [id_ for part in parts for id_ in self.tokenizer.encode(part)]

    def prompt(self, form: str, tag: str) -> list[int]:
        """Ids of a form, of its tag if it is read, and of its end."""
        tags = [self.tokenizer.n_vocab + self.tags.index(tag)] if self.tagged else []
        return [*self.word(form), *tags, self.ids - 1]


def right(setting: Setting, name: str, tagged: bool, seed: int) -> list[float]:
    """Percent of lemmas that a model writes right, of each kind of word asked about."""
    from tokenry.neural.recipes.answers import give_answers, train_answers
    from tokenry.neural.recipes.sizes import Passes, Shape

    setting.tell(f"{name}, {'with' if tagged else 'without'} tags, seed {seed}")
    learnt, *asked = words(setting.data, seed, setting.pick(None, 300))
    texts = [*learnt.forms, *learnt.lemmas]
    if name == "letters":
        texts = [*"".join(texts)]  # tokens are letters, not their bytes
    size = setting.pick(IDS, 400) if name == "BPE" else 256 + len(set(texts))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallerVocabularyWarning)
        tokenizer = Bpe(vocab_size=size).learn(texts)
    tags = tuple(sorted({tag for each in (learnt, *asked) for tag in each.tags}))
    reading = Reading(name, tokenizer, tags, tagged)
    shape = Shape(width=setting.pick(64, 16), layers=2, context=64)
    model = train_answers(
        [reading.prompt(*each) for each in zip(learnt.forms, learnt.tags, strict=True)],
        [reading.word(lemma) for lemma in learnt.lemmas],
        reading.ids,
        shape=shape,
        passes=Passes(rate=3e-3, batch=32, passes=setting.pick(8, 1)),
        seed=seed,
    )
    found = []
    for each in asked:
        prompts = [reading.prompt(*pair) for pair in zip(each.forms, each.tags, strict=True)]
        given = give_answers(model, prompts, LONGEST)
        wanted = [reading.word(lemma) for lemma in each.lemmas]
        found.append(100 * float(np.mean([a == b for a, b in zip(given, wanted, strict=True)])))
    return found


def run(setting: Setting) -> Findings:
    """Train with and without tags, in letters and in tokens, with every seed."""
    shares: dict[tuple[str, bool], Floats] = {}
    for name in READINGS:
        for tagged in (False, True):
            one = partial(right, setting, name, tagged)
            rows = [once(setting, "lemmas", (name, tagged), s, one) for s in setting.seeds]
            shares[name, tagged] = np.array(rows)
    return Findings((_table(shares),), _checks(shares), NOTES)


def _checks(shares: dict[tuple[str, bool], Floats]) -> tuple[Check, ...]:
    def gains(at: int) -> dict[str, Estimate]:
        return {
            name: over_seeds(shares[name, True][:, at] - shares[name, False][:, at])
            for name in READINGS
        }

    return tuple(
        check_bounded(
            f"tags gain at most {LITTLE:.0f} points for words of {asked} ({LOOSE:.0f} for the "
            "direction)",
            gains(at),
            LITTLE,
            loose=LOOSE,
        )
        for at, asked in enumerate(ASKED)
    )


def _table(shares: dict[tuple[str, bool], Floats]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for (name, tagged), values in shares.items():
        cells: list[Cell] = [name, "form and tag" if tagged else "form"]
        for at in range(len(ASKED)):
            each = over_seeds(values[:, at])
            cells += [round(each.value, 1), f"{each.low:.1f} to {each.high:.1f}"]
        rows.append(tuple(cells))
    return Table(
        "Lemmas written right, %",
        ("written in", "read", ASKED[0], "95%", ASKED[1], "95% "),
        tuple(rows),
    )


NOTES: Final = (
    "Words stand alone here: the data have no lemmas in context, which the paper's models read. "
    "Lemmas that were not learnt stand for another domain.",
)

EXPERIMENT = Experiment(
    name="Morphology for lemmatization",
    claim="Lemmatizers that are told morphological tags gain little from them, in their domain and "
    "outside of it.",
    scale="Paper: six languages with words in context, large pretrained encoders, other domains. "
    "Here: half of 12,000 inflected Mongolian words a draw (MorphyNet), transformers of two layers "
    "of width 64, three seeds with splits of their own.",
    baseline="The same models, words and steps without tags.",
    needs=("morphology",),
    run=run,
)
