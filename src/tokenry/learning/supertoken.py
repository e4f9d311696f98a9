"""Supertokens: BPE in one pass over random chunks of several words.

Source: Sharthak, Pahalwan, Kamath, Shirawalmath 2025, "Achieving tokenizer flexibility in language
models through heuristic adaptation and supertoken learning", arXiv:2505.09738 (the learning half).

1. Cut documents into pretokens; put runs of them together as chunks, whose lengths are drawn at
   random from ``lengths``. A chunk never crosses a cut of the splitter that encoding uses.
2. Learn BPE inside the chunks: merges may cross spaces, so words and superwords grow side by side.

Encoding is plain BPE over the pretokens of that splitter, which cuts only at digit groups, runs of
punctuation and runs of spaces.

Differences from the authors' released code: it draws lengths in characters (4 to 23, about normal)
and so cuts inside words; here lengths are in words. It keeps every piece; here a piece of more than
one pretoken must be a superword (`SuperwordRule`), without which BPE in one pass merges the end of
a word with the space after it (``e ``).

Draws come from one seeded stream in the order of the documents: the result is the same for every
number of threads, and another one for another order. It costs more than BPE: there are many more
distinct chunks than words, and one thread counts them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.corpus import Corpus
from tokenry.errors import CorpusError, LearnError
from tokenry.learning.bpe import Bpe
from tokenry.learning.counting import pretokenizer_named
from tokenry.learning.superwords import SuperwordRule
from tokenry.progress import Progress
from tokenry.text.parts import Pretokenizer

Ends = NDArray[np.uint64]


@dataclass(frozen=True, kw_only=True)
class Supertoken(Bpe):
    """A learner of supertokens; options that are not named here are those of `Bpe`.

    Attributes:
        pretokenizer: cuts the words that chunks are made of.
        superword_pretokenizer: of the tokenizer; chunks do not cross its cuts.
        lengths: weights of chunks of 1, 2, 3, ... words; by default all lengths up to
            ``max_words`` alike.
        max_words: the most words of a chunk and of a piece.
        punctuation: characters that may stand in a superword; see `SuperwordRule`.
        seed: of the draws.
    """

    kind: ClassVar[str] = "supertoken"
    pretokenizer: str = "superbpe-1"
    superword_pretokenizer: str = "superbpe"
    lengths: tuple[float, ...] | None = None
    max_words: int = 4
    punctuation: str = ",;:'’-"
    seed: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.rule()
        if self.seed < 0:
            raise LearnError(f"seed {self.seed}; expected 0 or more")
        weights = self.lengths
        if weights is not None and not (
            0 < len(weights) <= self.max_words
            and all(math.isfinite(weight) and weight >= 0 for weight in weights)
            and sum(weights) > 0
        ):
            raise LearnError(
                f"lengths {weights!r}; expected weights, none below 0, of chunks of 1 to at most "
                f"{self.max_words} words (max_words), such as (0.4, 0.3, 0.2, 0.1)"
            )

    def rule(self) -> SuperwordRule:
        """Which pieces may be made."""
        return SuperwordRule(
            pretokenizer_named(self.pretokenizer, self.numbers), self.max_words, self.punctuation
        )

    def outer(self) -> Pretokenizer:
        """What cuts chunks from a document, and text for the tokenizer."""
        return pretokenizer_named(self.superword_pretokenizer, self.numbers)

    def count(self, corpus: Corpus, progress: Progress) -> _native.WordCounter:
        """Distinct chunks of the corpus."""
        counter = _native.WordCounter(None, 1)
        chunker = Chunker(
            pretokenizer_named(self.pretokenizer, self.numbers),
            self.outer(),
            self._weights(),
            np.random.default_rng(self.seed),
        )
        done = told = 0
        for document in corpus:
            ends = chunker(document.data)
            starts = np.concatenate((np.zeros(1, dtype=np.uint64), ends[:-1]))
            counter.add_ranges(document.data, starts, ends)
            done += len(document.data)
            if done - told > 1 << 20:
                progress("count", done, None)
                told = done
        if not done:
            raise CorpusError("the corpus is empty: it has no document with a byte in it")
        progress("count", done, None)
        return counter

    def _weights(self) -> NDArray[np.float64]:
        weights = np.array(self.lengths or (1.0,) * self.max_words)
        return np.asarray(weights / weights.sum(), dtype=np.float64)


@dataclass(frozen=True)
class Chunker:
    """Cuts documents into chunks of random numbers of words.

    Attributes:
        words: cuts words.
        outer: cuts that no chunk crosses.
        weights: of chunks of 1, 2, 3, ... words; they sum to 1.
        draws: where the lengths come from, document by document.
    """

    words: Pretokenizer
    outer: Pretokenizer
    weights: NDArray[np.float64]
    draws: np.random.Generator

    def __call__(self, data: bytes) -> Ends:
        """Ends of the chunks of ``data``, which they cover."""
        ends = self.words(data).ends
        most = len(ends)  # chunks; enough even if all were of one word
        if most == 0:
            return ends
        lengths = 1 + self.draws.choice(len(self.weights), size=most, p=self.weights)
        last = np.cumsum(lengths) - 1
        chosen = ends[last[last < most]]
        return np.union1d(np.append(chosen, ends[-1:]), self.outer(data).ends)
