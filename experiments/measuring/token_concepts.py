"""S155: rows of tokens against the categories of people, by rate and distortion.

Rows of words (a word of several tokens has the mean of theirs) are clustered into as many groups as
there are categories. How far the groups are the categories, is mutual information above chance. How
good an example a word is, is compared with its nearness to its category. And both partitions of the
same words are weighed by the same sum: bits of a partition plus the share of the rows' variance
that it leaves inside its groups.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.correlation import spearman
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.halves import every_second
from experiments.harness.intervals import resampled
from experiments.harness.verdicts import Check, Estimate, check, check_bounded
from experiments.measuring.human_categories import CATEGORIES
from tokenry import load
from tokenry.errors import CorpusError

MODELS: Final = {
    "SmolLM2-135M": ("smollm2-135m", "model.embed_tokens.weight"),
    "WordLlama": ("wordllama", "embedding.weight"),
    "MiniLM": ("all-minilm-l6-v2", "embeddings.word_embeddings.weight"),
}
WEAK: Final = 0.3  # a rank correlation
RESTARTS: Final = 10
Rows = NDArray[np.float64]
Groups = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Words:
    """Rows of words, the category of each and its place among the examples of it."""

    rows: Rows
    category: Groups
    place: Groups

    def of(self, chosen: Groups) -> Words:
        """Some of them."""
        return Words(self.rows[chosen], self.category[chosen], self.place[chosen])


def listed(draw: int, most: int | None) -> list[tuple[str, int, int]]:
    """Word, category and place; every second category, the others in a second draw."""
    names = every_second(list(CATEGORIES), draw)
    return [
        (word, at, place)
        for at, name in enumerate(names)
        for place, word in enumerate(CATEGORIES[name].split()[:most])
    ]


def words_of(name: str, setting: Setting) -> Words:
    """The words with the rows of a model; a small run draws rows."""
    found = listed(setting.draw, setting.pick(None, 6))
    texts = [word for word, _, _ in found]
    if setting.size == "full":
        rows = _rows(*MODELS[name], texts)
    else:
        rows = np.random.default_rng(0).normal(size=(len(texts), 8))
    rows = rows - rows.mean(axis=0)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return Words(rows, *(np.array([each[at] for each in found]) for at in (1, 2)))


def _rows(folder: str, stored: str, texts: Sequence[str]) -> Rows:
    from tokenry.transfer.model_folder import ModelFolder

    place = Path(os.environ.get("TOKENRY_MODELS") or "build/models") / folder
    if not place.is_dir():
        raise CorpusError(f"{place} is missing; run `make models`, or set TOKENRY_MODELS")
    matrix = ModelFolder.open(place).find(stored)
    if matrix is None:
        raise CorpusError(f"{place} has no {stored}; make it again")
    table, tokenizer = matrix.floats(), load(place)
    ids = [tokenizer.encode(f" {text}") for text in texts]
    return np.array([table[row].mean(axis=0) for row in ids], dtype=np.float64)


def clusters(rows: Rows, count: int, seed: int) -> Groups:
    """k-means from drawn rows, the best of several starts."""
    drawn = np.random.default_rng(seed)
    best, least = np.zeros(len(rows), np.int64), np.inf
    for _ in range(RESTARTS):
        centres = rows[drawn.choice(len(rows), count, replace=False)]
        for _ in range(20):
            apart = ((rows[:, None] - centres[None]) ** 2).sum(axis=2)
            nearest = apart.argmin(axis=1)
            centres = np.array(
                [rows[nearest == g].mean(axis=0) if (nearest == g).any() else centres[g]
                 for g in range(count)]
            )  # fmt: skip
        loss = float(apart.min(axis=1).sum())
        if loss < least:
            best, least = nearest, loss
    return best


def information(first: Groups, second: Groups) -> float:
    """Mutual information of two partitions, in bits.

    >>> information(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0]))
    1.0
    """
    table = np.zeros((first.max() + 1, second.max() + 1))
    np.add.at(table, (first, second), 1 / len(first))
    expected = table.sum(1, keepdims=True) * table.sum(0, keepdims=True)
    seen = table > 0
    return float((table[seen] * np.log2(table[seen] / expected[seen])).sum())


def above_chance(found: Groups, human: Groups) -> float:
    """Mutual information less that of shuffled groups, as a share of the most there could be."""
    drawn = np.random.default_rng(0)
    chance = float(np.mean([information(drawn.permutation(found), human) for _ in range(20)]))
    return (information(found, human) - chance) / (information(human, human) - chance)


def typicality(words: Words) -> float:
    """Rank correlation of nearness to the mean of a category with the place in it; mean of all."""
    found = []
    for group in sorted(set(words.category.tolist())):
        part = words.of(np.flatnonzero(words.category == group))
        near = part.rows @ part.rows.mean(axis=0)
        found.append(spearman(near, -part.place.astype(np.float64)))
    return float(np.nanmean(found))


def weighed(rows: Rows, groups: Groups) -> float:
    """Bits of a partition, and the share of the variance inside its groups."""
    inside = sum(
        ((rows[groups == g] - rows[groups == g].mean(axis=0)) ** 2).sum()
        for g in set(groups.tolist())
    )
    whole = ((rows - rows.mean(axis=0)) ** 2).sum()
    return information(groups, groups) + float(inside / whole)


def run(setting: Setting) -> Findings:
    """Cluster the rows of each model, and compare with the categories."""
    aligned, typical, saved = {}, {}, {}
    draws = setting.pick(300, 10)
    for name in setting.pick(list(MODELS), list(MODELS)[:1]):
        setting.tell(name)
        words = words_of(name, setting)
        groups = clusters(words.rows, int(words.category.max()) + 1, setting.seeds[0])
        aligned[name] = _over_words(lambda w, g: above_chance(g, w.category), words, groups, draws)
        typical[name] = _over_words(lambda w, g: typicality(w), words, groups, draws)
        saved[name] = _over_words(_less, words, groups, draws)
    return Findings((_table(aligned, typical, saved),), _checks(aligned, typical, saved), NOTES)


def _less(words: Words, groups: Groups) -> float:
    return weighed(words.rows, words.category) - weighed(words.rows, groups)


def _over_words(
    statistic: Callable[[Words, Groups], float], words: Words, groups: Groups, draws: int
) -> Estimate:
    """A figure, with the interval over words; groups stay as they were found."""

    def drawn(source: np.random.Generator) -> float:
        chosen = source.integers(0, len(groups), len(groups))
        return statistic(words.of(chosen), groups[chosen])

    return resampled(statistic(words, groups), drawn, draws)


def _checks(
    aligned: dict[str, Estimate], typical: dict[str, Estimate], saved: dict[str, Estimate]
) -> tuple[Check, ...]:
    return (
        check(
            "groups of rows go with the categories of people, above chance (here: 0 is chance, 1 "
            "the same groups)",
            aligned, matters=0.05, claimed=0.3,
        ),
        check_bounded(
            f"how good an example a word is shows little: a rank correlation of at most {WEAK}",
            typical, WEAK,
        ),
        check(
            "groups of rows compress more than the categories of people: a smaller sum of bits and "
            "of variance left inside",
            saved, matters=0.01,
        ),
    )  # fmt: skip


def _table(
    aligned: dict[str, Estimate], typical: dict[str, Estimate], saved: dict[str, Estimate]
) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name in aligned:
        cells: list[Cell] = [name]
        for each in (aligned[name], typical[name], saved[name]):
            cells += [round(each.value, 3), f"{each.low:.3f} to {each.high:.3f}"]
        rows.append(tuple(cells))
    return Table(
        "Rows of tokens and categories of people",
        ("rows of", "alignment", "95%", "typicality", "95% ", "sum saved", "95%  "),
        tuple(rows),
        "Typicality: mean over categories of Spearman's correlation. Intervals draw words.",
    )


NOTES: Final = (
    "k-means makes the variance inside its groups small, so it can hardly lose the last "
    "comparison; the paper's is of this kind too.",
    "The categories and the order of their words are recalled; each draw has half of the "
    "categories.",
)

EXPERIMENT = Experiment(
    name="From tokens to thoughts",
    claim="Embeddings of language models group words much as people do, show little of how typical "
    "a word is, and compress more aggressively than the categories of people.",
    scale="Paper: 1,049 items in 34 categories, 40 language models. Here: 192 words in ten "
    "categories, five of them a draw, rows of SmolLM2-135M, WordLlama and MiniLM.",
    baseline="Shuffled groups; the categories of people, weighed in the same way.",
    needs=(),
    run=run,
)
