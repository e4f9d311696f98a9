"""Parity-aware BPE: every merge is for the language that is worst off.

Source: Foroutan, Meister, Paul, Niklaus, Ahmadi, Bosselut, Sennrich 2025, "Parity-aware byte-pair
encoding: improving cross-lingual fairness in tokenization", arXiv:2508.04796.

1. Languages are the domains of documents. Optionally merge the first ``classical`` share as BPE
   does over all text (the paper's hybrid).
2. Find the worst language: the one with the fewest lines a token on parallel text (``dev``), or,
   without that, the fewest bytes a token of its own text. Merge its most frequent pair in all
   languages. Repeat until the vocabulary is full.

With a ``window``, a language that was chosen in more than ``alpha / languages`` of the last
``window`` merges is passed over. A language without a pair left is passed over too (the authors'
code stops there). Without ``dev``, scripts that take three bytes a letter seem better off than they
are: give parallel text where there is any.

Parity is for the languages that were learnt from; others may pay more than with BPE. Report both:
`tokenry.measuring.language_sets.fairness_by_set`. With one language this is BPE. An index of all
pairs is kept for each language, and the corpus is read once a language. Learning that was
interrupted goes on after its merges.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from tokenry import _native
from tokenry.learning.checkpoint import ProgressStep
from tokenry.learning.counting import count_words
from tokenry.learning.merge_list import MergeList
from tokenry.learning.merging import MergeLearner, grow
from tokenry.learning.parity_race import ParityRace, ParityState
from tokenry.learning.parity_text import Dev, Languages, by_language, parallel_lines
from tokenry.learning.session import Session
from tokenry.options import Bounds, Natural, Share
from tokenry.progress import silent


@dataclass(frozen=True, kw_only=True)
class Parity(MergeLearner):
    """A learner of parity-aware BPE; options that are not named here are those of `MergingOptions`.

    Attributes:
        languages: the language of a document: a function of it, or a mapping from its domain (a
            domain that is not in it is its own language); ``file``: the name of its file; None:
            its domain.
        dev: parallel lines by language, or a folder with a file a language, named as the language
            is; languages without dev lines are refused.
        classical: the share of the merges that BPE makes first; the paper's hybrid has 0.5.
        window: how many of the last merges are looked at; 0 for no limit. The authors' default for
            this variant is 100.
        alpha: how much more often than its equal share a language may be chosen in a window.
    """

    kind: ClassVar[str] = "parity"
    checkpointed: ClassVar[str] = "merges, whose the last were, and tokens by language"
    languages: Languages = field(default=None, repr=False)
    dev: Dev | None = field(default=None, repr=False)
    classical: Share = 0.0
    window: Natural = 0
    alpha: Annotated[float, Bounds(1)] = 2.0

    def fit(self, session: Session) -> MergeList:
        """Pieces, merges and the count of each merge in the language it was made for.

        Raises:
            CorpusError: the corpus is empty or cannot be read.
            LearnError: the vocabulary has no room, or ``dev`` lacks a language of the corpus.
        """
        counter = self.count(session)
        learnt = self.start(counter)
        first = len(learnt) + round(self.classical * (self.vocab_size - len(learnt)))
        state = ParityState(learnt, deque(maxlen=self.window))
        train = self._counted(session)
        lines = parallel_lines(self.dev, list(train))
        dev = [count_words(filter(None, each), self.splitter(), silent) for each in lines]
        data = [each.fingerprint() for each in (counter, *train.values(), *dev)]
        checkpoint = session.checkpoint(state, self.decisive(), *data)

        def steps() -> Iterator[ProgressStep]:
            if len(learnt) < first:
                yield from grow(self.index(counter, learnt, first), learnt, first)
            race = ParityRace(
                state,
                list(train.values()),
                dev,
                [len(each) for each in lines],
                longest=self.max_piece_length,
                least=max(1, self.min_frequency),
                most=self.alpha / len(train),
            )
            yield from race.run(self.vocab_size)

        checkpoint.drive(steps(), session.progress)
        return learnt

    def _counted(self, session: Session) -> dict[str, _native.WordCounter]:
        """The words of each language."""
        counted: dict[str, _native.WordCounter] = {}
        documents = by_language(session.corpus, self.languages)
        for name, own in documents.items():
            counted[name] = count_words(own, self.splitter(), silent, self.threads)
            session.progress("count", len(counted), len(documents))
        return counted
