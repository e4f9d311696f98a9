"""Where words are cut into morphs: by lists, by what is found in the corpus, or by both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

import numpy as np

from tokenry.errors import LearnError
from tokenry.learning.morphs.costs import MorphLexicon, found_model, lexicon_model
from tokenry.learning.morphs.harmony import learn_choices
from tokenry.learning.morphs.lists import GroupList, MorphList, read_groups, read_list
from tokenry.learning.morphs.morfessor import learn_morphs
from tokenry.learning.option_groups import VocabularyOptions
from tokenry.options import Bounds, Natural, Positive, Share
from tokenry.progress import Progress
from tokenry.text.segmenters.allomorphs import Allomorphs
from tokenry.text.segmenters.morph_model import LONGEST_WORD, MorphModel, fold_letters, letters_of
from tokenry.text.segmenters.morph_splitter import MorphSplitter

_STEPS: Final = 5000  # pretokens between two reports of progress


@dataclass(frozen=True, kw_only=True)
class MorphOptions(VocabularyOptions):
    """Which morphs there are, and which words are cut.

    Attributes:
        roots, prefixes, suffixes: lists of morphs, or files with one a line. Without roots, stems
            are what the unsupervised splitter finds in the corpus.
        allomorphs: groups of forms of one suffix that share an id, such as ``[("lar", "ler")]``,
            or a file with the forms of a group in each line. All of them count as suffixes too,
            and one without other forms is a suffix and shares nothing.
        fold: what capitals fold to where Unicode says otherwise; ``(("I", "ı"), ("İ", "i"))`` for
            Turkish.
        whole_share: soft cuts: the most frequent pretokens stay whole up to this share of all that
            the corpus holds. 0: hard cuts, every word is cut.
        max_words: how many of the most frequent words the splitter looks at; those that it does
            not see are cut with the morphs of the others.
        corpus_weight: of the splitter; above 1 words are cut less, below 1 more.
        seed: of the splitter.
    """

    roots: MorphList = ()
    prefixes: MorphList = ()
    suffixes: MorphList = ()
    allomorphs: GroupList = ()
    fold: tuple[tuple[str, str], ...] = (("İ", "i"),)
    whole_share: Share = 0.0
    max_words: Positive = 50_000
    corpus_weight: Annotated[float, Bounds(above=0)] = 1.0
    seed: Natural = 0

    def validate(self) -> None:
        """Refuse what folds more than one character."""
        super().validate()
        if any(len(each[0]) != 1 or len(each[1]) != 1 for each in self.fold):
            raise LearnError(f"fold {self.fold}; expected pairs of one character each")

    def learn_cutter(self, pretokens: Mapping[bytes, int], progress: Progress) -> MorphSplitter:
        """Morphs, what stays whole and the rule for allomorphs, from counted pretokens."""
        fold = dict(self.fold)
        given = read_groups(self.allomorphs)
        groups = tuple(forms for forms in given if len(forms) > 1)
        words = frequent_words(pretokens, fold, self.max_words)
        model = self._model(words, given, progress)
        allomorphs: Allomorphs | None = None
        if groups:
            analyses = {word: model.analyse(word) for word in words}
            allomorphs = learn_choices(groups, words, analyses, fold)
        return MorphSplitter(
            model, frozenset(most_frequent(pretokens, self.whole_share)), allomorphs
        )

    def _model(
        self, words: Mapping[str, int], groups: tuple[tuple[str, ...], ...], progress: Progress
    ) -> MorphModel:
        affixes = MorphLexicon.of(
            read_list(self.roots, "roots"),
            read_list(self.prefixes, "prefixes"),
            read_list(self.suffixes, "suffixes"),
            dict(self.fold),
            groups,
        )
        types = {word: 1 + count.bit_length() for word, count in words.items()}
        if affixes.roots:
            return lexicon_model(affixes, types, progress=progress)
        morphs = learn_morphs(
            types, seed=self.seed, corpus_weight=self.corpus_weight, progress=progress
        )
        if not affixes.prefixes and not affixes.suffixes:
            return found_model(morphs, affixes.fold)
        return lexicon_model(affixes, types, stems=morphs, progress=progress)


def frequent_words(
    pretokens: Mapping[bytes, int], fold: Mapping[str, str], most: int
) -> dict[str, int]:
    """The most frequent words of folded letters, and how often each occurs."""
    words: Counter[str] = Counter()
    for pretoken, count in pretokens.items():
        for word in letters_of(pretoken.decode("utf-8", "ignore")):
            if len(word) <= LONGEST_WORD:
                words[fold_letters(word, fold)] += count
    return dict(sorted(words.items(), key=lambda item: (-item[1], item[0]))[:most])


def most_frequent(pretokens: Mapping[bytes, int], share: float) -> list[bytes]:
    """The most frequent pretokens, which are first, up to a share of all occurrences."""
    counts = np.fromiter(pretokens.values(), dtype=np.int64, count=len(pretokens))
    many = int(np.searchsorted(np.cumsum(counts), share * counts.sum(), side="right"))
    return list(pretokens)[:many]


def count_stretches(
    pretokens: Mapping[bytes, int], cutter: MorphSplitter, progress: Progress
) -> Counter[bytes]:
    """What BPE is learnt on."""
    stretches: Counter[bytes] = Counter()
    for place, (pretoken, count) in enumerate(pretokens.items()):
        for stretch in cutter.cut(pretoken):
            if stretch.group is None:
                stretches[stretch.data] += count
        if place % _STEPS == 0:
            progress("cut", place, len(pretokens))
    return stretches
