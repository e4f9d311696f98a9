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

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.errors import LearnError
from tokenry.learning.merging import MergeLearner
from tokenry.learning.session import Session
from tokenry.learning.superwords.chunker import Chunker
from tokenry.learning.superwords.options import SuperwordOptions
from tokenry.options import Bounds, Natural

Weights = tuple[Annotated[float, Bounds(0)], ...]


@dataclass(frozen=True, kw_only=True)
class Supertoken(SuperwordOptions, MergeLearner):
    """A learner of supertokens; see `SuperwordOptions` and `MergingOptions` too.

    Attributes:
        lengths: weights of chunks of 1, 2, 3, ... words; by default all lengths up to
            ``max_words`` alike.
        max_words: the most words of a chunk and of a piece.
        seed: of the draws.
    """

    kind: ClassVar[str] = "supertoken"
    lengths: Weights | None = None
    seed: Natural = 0

    def validate(self) -> None:
        """Refuse weights that fit no chunk."""
        super().validate()
        weights = self.lengths
        if weights is not None and not (0 < len(weights) <= self.max_words and sum(weights) > 0):
            raise LearnError(
                f"lengths {weights!r}; expected weights, none below 0, of chunks of 1 to at most "
                f"{self.max_words} words (max_words), such as (0.4, 0.3, 0.2, 0.1)"
            )

    def count(self, session: Session) -> _native.WordCounter:
        """Distinct chunks of the corpus."""
        counter = _native.WordCounter(None, 1)
        draws = np.random.default_rng(self.seed)
        chunker = Chunker(self.splitter(), self.outer(), self._weights(), draws)
        for data in session.read():
            ends = chunker(data)
            starts = np.concatenate((np.zeros(1, dtype=np.uint64), ends[:-1]))
            counter.add_ranges(data, starts, ends)
        return counter

    def _weights(self) -> NDArray[np.float64]:
        weights = np.array(self.lengths or (1.0,) * self.max_words)
        return np.asarray(weights / weights.sum(), dtype=np.float64)
