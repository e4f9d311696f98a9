"""CompoundPiece: Unigram whose pieces do not cross the constituents of compounds.

Source: Minixhofer, Pfeiffer, Vulić 2023, "CompoundPiece: Evaluating and Improving Decompounding
Performance of Language Models", arXiv:2305.14214.

1. Learn a decompounder from the words that the corpus writes with hyphens
   (`tokenry.learning.decompounding`). A corpus with fewer than 300 different ones gives none; then
   words are split by the frequencies of their parts (`tokenry.learning.frequency_splitting`).
2. Split every word of the corpus and count the constituents. The space before a word goes with the
   first; a linking element (German -s-) with the constituent before it.
3. Learn Unigram on the constituents, each as if it were a word, so no piece crosses two of them.

At run time the Unigram model is used alone: nothing enforces a boundary, pieces are only such that
they favour it. The paper's decompounder is ByT5, fine-tuned on labelled words too; ours is a
log-linear model that no label is needed for. Words of less than six letters are never split.

It costs what Unigram costs, and to split words about 25 seconds for a million different ones.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Protocol

from tokenry import _native
from tokenry.corpus import CorpusLike, as_corpus
from tokenry.errors import LearnError
from tokenry.learning.counting import count_words, pretokenizer_named
from tokenry.learning.decompounding import Decompounding
from tokenry.learning.frequency_splitting import FrequencySplitter
from tokenry.learning.hyphens import (
    WrittenWords,
    hyphenated_words,
    letters,
    parts_of,
    written_words,
)
from tokenry.learning.unigram import Unigram
from tokenry.progress import Progress, silent
from tokenry.tokenizer import Tokenizer

Counts = Counter[bytes]
_STEP: Final = 4096  # words that are split between two reports


class Splitter(Protocol):
    """Splits words into constituents."""

    def split(self, words: Sequence[str]) -> list[list[str]]:
        """Constituents of each word, which joined give the word."""


@dataclass(frozen=True, kw_only=True)
class Compound(Unigram):
    """A learner of CompoundPiece; options that are not named here are those of `Unigram`.

    Attributes:
        least_constituent: letters of the shortest constituent.
        no_split: plain words that the decompounder sees for each hyphenated one; more of them
            break fewer words and find fewer compounds.
        linking: linking elements that splitting by frequency may leave at the end of a part. The
            learnt decompounder needs no list.
        seed: of the decompounder.
    """

    least_constituent: int = 3
    no_split: float = 1.0
    linking: tuple[str, ...] = ("s", "es")
    seed: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.least_constituent < 2 or self.no_split < 0:
            raise LearnError(
                f"least_constituent {self.least_constituent} and no_split {self.no_split}; "
                "expected 2 letters or more, and 0 or more"
            )

    def learn(
        self,
        corpus: CorpusLike,
        *,
        progress: Progress | None = None,
        checkpoint: str | os.PathLike[str] | None = None,
    ) -> Tokenizer:
        """Learn from ``corpus``.

        Args:
            corpus: documents; see `tokenry.corpus.as_corpus`. They are read twice.
            progress: told how far it is.
            checkpoint: is not written; learning takes seconds and starts anew.

        Raises:
            CorpusError: the corpus is empty or cannot be read.

        Warns:
            SmallerVocabularyWarning: the data have fewer frequent substrings than asked for.
        """
        progress = progress or silent
        documents = as_corpus(corpus)
        pretokenizer = pretokenizer_named(self.pretokenizer)
        counter = count_words(
            (document.data for document in documents), pretokenizer, progress, self.threads
        )
        pretokens = _words_of(counter)
        words = written_words(
            pretokens.items(), count_hyphenated(document.data for document in documents)
        )
        splitter = self.splitter(words)
        tokenizer = self.learn_counts(
            constituents(pretokens, splitter, 2 * self.least_constituent, progress),
            pretokenizer=pretokenizer,
            progress=progress,
        )
        name = "frequencies" if isinstance(splitter, FrequencySplitter) else "hyphens"
        metadata = {"learner": "compound", "options": repr(self), "decompounder": name}
        return Tokenizer(**{**tokenizer.parts(), "name": "compound", "metadata": metadata})  # type: ignore[arg-type]

    def splitter(self, words: WrittenWords) -> Splitter:
        """A decompounder that was learnt from hyphens, or one by frequencies."""
        learnt = Decompounding(
            least_constituent=self.least_constituent, no_split=self.no_split, seed=self.seed
        ).learn(words)
        return learnt or FrequencySplitter(words.counts, self.least_constituent, self.linking)


def count_hyphenated(documents: Iterable[bytes]) -> Counter[tuple[str, ...]]:
    """Compounds that are written with hyphens, by their parts."""
    found: Counter[str] = Counter()
    for document in documents:
        found.update(hyphenated_words(document))
    parts: Counter[tuple[str, ...]] = Counter()
    for word, count in found.items():
        parts[parts_of(word)] += count
    return parts


def constituents(
    pretokens: Counts, splitter: Splitter, least: int, progress: Progress = silent
) -> Counts:
    """Pretokens cut at the constituents of their words, with counts.

    Args:
        pretokens: with counts.
        splitter: is asked about each different word of ``least`` letters or more.
        least: letters of the shortest word that is asked about.
        progress: told how far it is.
    """
    word_of = {pretoken: letters(pretoken) for pretoken in pretokens}
    words = sorted({word for word in word_of.values() if word and len(word) >= least})
    parts: dict[str, list[str]] = {}
    for begin in range(0, len(words), _STEP):
        part = words[begin : begin + _STEP]
        parts.update(zip(part, splitter.split(part), strict=True))
        progress("split", min(begin + _STEP, len(words)), len(words))
    counts: Counts = Counter()
    for pretoken, count in pretokens.items():
        for piece in _pieces(pretoken, parts.get(word_of[pretoken] or "", ())):
            counts[piece] += count
    return counts


def _pieces(pretoken: bytes, parts: Sequence[str]) -> list[bytes]:
    """The pretoken cut between ``parts``; what stands before the word goes with the first."""
    if len(parts) < 2:
        return [pretoken]
    rest = [part.encode() for part in parts[1:]]
    return [pretoken[: len(pretoken) - sum(map(len, rest))], *rest]


def _words_of(counter: _native.WordCounter) -> Counts:
    run, offsets, counts = counter.words()
    ranges = pairwise(offsets.tolist())
    words = (run[start:end] for start, end in ranges)
    return Counter(dict(zip(words, counts.tolist(), strict=True)))
