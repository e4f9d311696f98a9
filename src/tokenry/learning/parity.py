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
pairs is kept for each language, and the corpus is read once a language. Learning starts anew after
an interruption; a checkpoint is accepted and not written.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.corpus import Corpus, CorpusLike, Document, as_corpus
from tokenry.errors import LearnError
from tokenry.learning.bpe import NO_LIMIT, Bpe
from tokenry.learning.counting import count_words, pretokenizer_named
from tokenry.learning.lexicon import Lexicon
from tokenry.learning.merging import native_errors
from tokenry.progress import Progress, silent

Dev = Mapping[str, Sequence[str]] | str | os.PathLike[str]
_ALL_PAIRS = 2**40  # merges expected: so many that the index leaves no pair out


@dataclass(frozen=True, kw_only=True)
class Parity(Bpe):
    """A learner of parity-aware BPE; options that are not named here are those of `Bpe`.

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
    languages: Mapping[str, str] | Callable[[Document], str] | str | None = field(
        default=None, repr=False
    )
    dev: Dev | None = field(default=None, repr=False)
    classical: float = 0.0
    window: int = 0
    alpha: float = 2.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 <= self.classical <= 1:
            raise LearnError(f"classical {self.classical!r}; expected a share from 0 to 1")
        if self.window < 0 or self.alpha < 1:
            raise LearnError(
                f"window {self.window}, alpha {self.alpha}; expected a window of 0 merges or more "
                "and an alpha of 1 or more"
            )
        if isinstance(self.languages, str) and self.languages != "file":
            raise LearnError(
                f"languages {self.languages!r}; expected 'file', a mapping, a function or None"
            )

    def learn_lexicon(
        self,
        corpus: CorpusLike,
        *,
        progress: Progress | None = None,
        checkpoint: str | os.PathLike[str] | None = None,
    ) -> Lexicon:
        """Learn pieces, merges and the count of each merge in the language it was made for.

        Raises:
            CorpusError: the corpus is empty or cannot be read.
            LearnError: the vocabulary has no room, or ``dev`` lacks a language of the corpus.

        Warns:
            SmallerVocabularyWarning: no language has a pair left.
        """
        progress = progress or silent
        documents = as_corpus(corpus)
        lexicon = self._first(documents, progress)
        race = self._race(documents, lexicon, progress)
        while len(lexicon) < self.vocab_size:
            chosen = race.next()
            if chosen is None:
                break
            left, right, count = chosen
            lexicon.add(left, right, count)
            if len(lexicon) % 64 == 0:
                progress("merge", len(lexicon), self.vocab_size)
        progress("merge", len(lexicon), self.vocab_size)
        lexicon.check_size(self.vocab_size)
        return lexicon

    def _first(self, corpus: Corpus, progress: Progress) -> Lexicon:
        """What BPE makes before parity is looked at."""
        options = {each.name: getattr(self, each.name) for each in fields(Bpe)}
        counter = self.count(corpus, progress)
        lexicon = self.start(counter)
        size = len(lexicon) + round(self.classical * (self.vocab_size - len(lexicon)))
        if size == len(lexicon):
            return lexicon
        index = Bpe(**options | {"vocab_size": size}).index(counter, lexicon)
        while len(lexicon) < size:
            pairs, counts = index.run(min(256, size - len(lexicon)))
            if not len(counts):
                break
            for (left, right), count in zip(pairs.tolist(), counts.tolist(), strict=True):
                lexicon.add(left, right, count)
            progress("merge", len(lexicon), self.vocab_size)
        return lexicon

    def _race(self, corpus: Corpus, lexicon: Lexicon, progress: Progress) -> Race:
        cut = pretokenizer_named(self.pretokenizer, self.numbers)
        names = sorted({self._language(document) for document in corpus})
        dev = read_dev(self.dev) if self.dev is not None else None
        if dev is not None and (missing := [name for name in names if not dev.get(name)]):
            raise LearnError(
                f"dev has no lines of {', '.join(missing[:8])}; give lines of every language of "
                f"the corpus ({len(names)}), or leave dev out"
            )
        train, texts = [], []
        for name in names:
            counter = count_words(self._of(corpus, name), cut, silent, self.threads)
            train.append(self._indexed(counter, lexicon))
            if dev is not None:
                lines = [line.encode() for line in dev[name] if line]
                texts.append(self._indexed(count_words(lines, cut, silent), lexicon))
            progress("count", len(train), len(names))
        sizes = [len(dev[name]) for name in names] if dev else [each.size for each in train]
        return Race(
            train=[each.index for each in train],
            dev=[each.index for each in texts],
            tokens=np.array([each.tokens for each in texts or train], dtype=np.float64),
            sizes=np.array(sizes, dtype=np.float64),
            least=max(1, self.min_frequency),
            most=self.alpha / len(names),
            recent=deque(maxlen=self.window),
        )

    def _language(self, document: Document) -> str:
        if callable(self.languages):
            return self.languages(document)
        if self.languages == "file":
            return Path(document.source).name.partition(".")[0]
        if isinstance(self.languages, Mapping):
            return self.languages.get(document.domain, document.domain)
        return document.domain

    def _of(self, corpus: Corpus, language: str) -> Iterator[bytes]:
        return (each.data for each in corpus if self._language(each) == language)

    def _indexed(self, counter: _native.WordCounter, lexicon: Lexicon) -> Indexed:
        _, offsets, counts = counter.words()
        size = int((np.diff(offsets).astype(np.int64) * counts.astype(np.int64)).sum())
        base = Lexicon(lexicon.specials, lexicon.alphabet)
        with native_errors():
            index = _native.PairIndex.of_words(
                counter,
                *base.packed(),
                base.byte_ids(),
                base.table(),
                1,
                self.max_piece_length or NO_LIMIT,
                _ALL_PAIRS,
            )
        merged = sum(index.merge(left, right) for left, right in lexicon.merges)
        return Indexed(index, size, size - merged)


@dataclass(frozen=True)
class Indexed:
    """Words of one language: the index of their pairs, their bytes, their tokens now."""

    index: _native.PairIndex
    size: int
    tokens: int


@dataclass
class Race:
    """Indexes of all languages, kept in step; the worst language makes the next merge.

    Attributes:
        train: an index a language, of what merges are chosen by.
        dev: an index a language, of what tokens are counted on; empty: the same as ``train``.
        tokens: of each language now.
        sizes: lines or bytes of each language.
        least: a pair that occurs less often is not merged.
        most: the share of ``recent`` above which a language is passed over.
        recent: the languages of the last merges.
    """

    train: list[_native.PairIndex]
    dev: list[_native.PairIndex]
    tokens: NDArray[np.float64]
    sizes: NDArray[np.float64]
    least: int
    most: float
    recent: deque[int]

    def next(self) -> tuple[int, int, int] | None:
        """Merge the pair of the worst language everywhere: left, right, its count; or None."""
        rates = self.sizes / np.maximum(self.tokens, 1)
        order: list[int] = np.argsort(rates, kind="stable").tolist()
        resting = [each for each in order if self._is_resting(each)]
        for language in [each for each in order if each not in resting] + resting:
            best = self.train[language].best()
            if best is not None and best[2] >= self.least:
                self.recent.append(language)
                self._merge(best[0], best[1])
                return (best[0], best[1], best[2])
        return None

    def _is_resting(self, language: int) -> bool:
        window = self.recent.maxlen
        return bool(window) and self.recent.count(language) > self.most * (window or 1)

    def _merge(self, left: int, right: int) -> None:
        made = [index.merge(left, right) for index in self.train]
        if self.dev:
            made = [index.merge(left, right) for index in self.dev]
        self.tokens -= made


def read_dev(dev: Dev) -> dict[str, list[str]]:
    """Lines by language, from a mapping or from a folder with a file a language.

    Raises:
        LearnError: it is not a folder, or languages have different numbers of lines.
    """
    if isinstance(dev, Mapping):
        lines = {name: list(each) for name, each in dev.items()}
    else:
        folder = Path(dev)
        if not folder.is_dir():
            raise LearnError(f"dev {str(dev)!r} is no folder; give one with a file a language")
        found: Iterable[Path] = sorted(path for path in folder.iterdir() if path.is_file())
        lines = {
            each.name.partition(".")[0]: each.read_text("utf-8").splitlines() for each in found
        }
    lengths = {len(each) for each in lines.values()}
    if len(lengths) > 1:
        raise LearnError(
            f"dev has from {min(lengths)} to {max(lengths)} lines a language; expected parallel "
            "text with one line for each line of the others"
        )
    return lines
