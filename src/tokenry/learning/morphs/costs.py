"""Costs of morphs: of a given lexicon of roots and affixes, or of morphs that were found.

A lexicon says which morphs there are, a corpus how frequent they are: words are analysed with the
costs so far and the morphs counted, a few times over (Viterbi training, as in Creutz & Lagus 2007,
"Unsupervised models for morpheme segmentation and morphology learning", ACM TSLP 4(1)).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from tokenry.progress import Progress, silent
from tokenry.text.segmenters.morph_model import LONGEST_WORD, MorphModel, fold_letters

PASSES: Final = 3
# Of a stem that follows another in one word; a lower one takes names apart into short roots.
JOINT: Final = 6.0
_MORE: Final = 0.5  # added to each count, so that a morph that the corpus lacks stays possible
_STEPS: Final = 5000  # words between two reports of progress


@dataclass(frozen=True, slots=True)
class MorphLexicon:
    """A lexicon; morphs in folded letters.

    Attributes:
        roots: may stand alone.
        prefixes: stand before a stem.
        suffixes: stand after a stem or another suffix.
        groups: forms of one suffix. Which form stands where is no choice, so all of a group cost
            what the group as a whole is worth, and one that the corpus lacks is not rare.
    """

    roots: frozenset[str] = frozenset()
    prefixes: frozenset[str] = frozenset()
    suffixes: frozenset[str] = frozenset()
    groups: tuple[tuple[str, ...], ...] = ()
    fold: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        roots: Iterable[str],
        prefixes: Iterable[str],
        suffixes: Iterable[str],
        fold: Mapping[str, str],
        groups: Iterable[Sequence[str]] = (),
    ) -> MorphLexicon:
        """Fold what is given; a morph longer than any word is left out."""
        alike = tuple(tuple(fold_letters(form, fold) for form in forms) for forms in groups)
        suffixes = [*suffixes, *(form for forms in alike for form in forms)]
        roots, prefixes, suffixes = (
            frozenset(fold_letters(each, fold) for each in group if 0 < len(each) <= LONGEST_WORD)
            for group in (roots, prefixes, suffixes)
        )
        return cls(roots, prefixes, suffixes, alike, fold)


def found_model(morphs: Mapping[str, int], fold: Mapping[str, str]) -> MorphModel:
    """Morphs without categories, as `tokenry.learning.morphs.morfessor` finds them."""
    unknown, letter = _unknown(morphs)
    return MorphModel(_costs(morphs, Counter(morphs), 0.0), {}, {}, unknown, letter, 0.0, fold)


def lexicon_model(
    affixes: MorphLexicon,
    words: Mapping[str, int],
    *,
    stems: Mapping[str, int] | None = None,
    progress: Progress = silent,
) -> MorphModel:
    """A lexicon with the frequencies that its morphs have in ``words``.

    Args:
        affixes: the lexicon.
        words: in folded letters, and how often to count each.
        stems: more stems than the roots, such as those that were found, and their counts.
        progress: told how many words of how many passes are done.
    """
    known = dict.fromkeys(affixes.roots, 1) | dict(stems or {})
    unknown, letter = _unknown(known or words)
    start = (Counter(known), Counter[str](), Counter[str]())
    model = _with_counts(
        MorphModel({}, {}, {}, unknown, letter, JOINT, affixes.fold), affixes, known, start
    )
    for done in range(PASSES):
        counts = _count(model, words, done, progress)
        model = _with_counts(model, affixes, known, counts)
    return model


def _count(
    model: MorphModel, words: Mapping[str, int], done: int, progress: Progress
) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Stems, prefixes and suffixes of all words."""
    counts: tuple[Counter[str], ...] = (Counter(), Counter(), Counter())
    for place, (word, count) in enumerate(words.items()):
        path = model.path(word)
        for (begin, state), (end, _) in pairwise([*path, (len(word), 0)]):
            counts[state][word[begin:end]] += count
        if place % _STEPS == 0:
            progress("analyse", done * len(words) + place, PASSES * len(words))
    return counts[1], counts[0], counts[2]


def _with_counts(
    model: MorphModel,
    affixes: MorphLexicon,
    known: Mapping[str, int],
    counts: tuple[Counter[str], Counter[str], Counter[str]],
) -> MorphModel:
    stems, prefixes, suffixes = counts
    return replace(
        model,
        stems=_costs(known, stems, _MORE),
        prefixes=_costs(affixes.prefixes, prefixes, _MORE),
        suffixes=_pooled(_costs(affixes.suffixes, suffixes, _MORE), affixes.groups),
    )


def _pooled(costs: dict[str, float], groups: Iterable[Sequence[str]]) -> dict[str, float]:
    """Costs where every form of a group has the probability of all of them together."""
    pooled = dict(costs)
    for forms in groups:
        known = [form for form in forms if form in costs]
        together = -math.log(sum(math.exp(-costs[form]) for form in known)) if known else 0.0
        pooled |= dict.fromkeys(known, together)
    return pooled


def _costs(morphs: Iterable[str], counts: Counter[str], more: float) -> dict[str, float]:
    """Negative log probability of each morph; among equals in the order of the alphabet."""
    ordered = sorted(morphs)
    total = sum(counts.values()) + more * len(ordered)
    return {morph: math.log(total / (counts[morph] + more)) for morph in ordered}


def _unknown(words: Iterable[str]) -> tuple[float, float]:
    """Cost of a stem that is not listed: of being one, and of each letter by its frequency."""
    letters: Counter[str] = Counter()
    size = 0
    for word in words:
        letters.update(word)
        size += 1
    total = sum(letters.values())
    entropy = -sum(n / total * math.log(n / total) for n in letters.values()) if total else 3.0
    return math.log(size + 2), max(entropy, 1.0)
