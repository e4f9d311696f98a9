"""CompoundPiece: Unigram whose pieces do not cross the constituents of compounds.

Source: Minixhofer, Pfeiffer, Vulić 2023, "CompoundPiece: Evaluating and Improving Decompounding
Performance of Language Models", arXiv:2305.14214.

1. Learn a decompounder from the words that the corpus writes with hyphens
   (`tokenry.learning.compounds.decompounding`). A corpus with fewer than 300 different ones gives
   none; then words are split by the frequencies of their parts
   (`tokenry.learning.compounds.frequency_splitting`).
2. Split every word of the corpus and count the constituents. The space before a word goes with the
   first; a linking element (German -s-) with the constituent before it.
3. Learn Unigram on the constituents, each as if it were a word, so no piece crosses two of them.

At run time the Unigram model is used alone: nothing enforces a boundary, pieces are only such that
they favour it. The paper's decompounder is ByT5, fine-tuned on labelled words too; ours is a
log-linear model that no label is needed for. Words of less than six letters are never split.

It costs what Unigram costs, and to split words about 25 seconds for a million different ones.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from tokenry.learning.compounds.constituents import WordSplitter, constituents
from tokenry.learning.compounds.decompounding import Decompounding
from tokenry.learning.compounds.frequency_splitting import FrequencySplitter
from tokenry.learning.compounds.hyphens import WrittenWords, count_hyphenated, written_words
from tokenry.learning.counting import counter_of, word_counts
from tokenry.learning.session import Session
from tokenry.learning.unigram import Unigram
from tokenry.learning.unigram_em import UnigramModel
from tokenry.options import Bounds, Natural


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

    kind: ClassVar[str] = "compound"
    least_constituent: Annotated[int, Bounds(2)] = 3
    no_split: Annotated[float, Bounds(0)] = 1.0
    linking: tuple[str, ...] = ("s", "es")
    seed: Natural = 0

    def fit(self, session: Session) -> UnigramModel:
        """Pieces and scores; the corpus is read twice."""
        pretokens = word_counts(self.count(session))
        words = written_words(pretokens.items(), count_hyphenated(session.documents()))
        splitter = self.word_splitter(words)
        least = 2 * self.least_constituent
        counts = constituents(pretokens, splitter, least, session.progress)
        model = self.fit_words(session, counter_of(counts))
        name = "frequencies" if isinstance(splitter, FrequencySplitter) else "hyphens"
        return replace(model, notes={"decompounder": name})

    def word_splitter(self, words: WrittenWords) -> WordSplitter:
        """A decompounder that was learnt from hyphens, or one by frequencies."""
        learnt = Decompounding(
            least_constituent=self.least_constituent, no_split=self.no_split, seed=self.seed
        ).learn(words)
        return learnt or FrequencySplitter(words.counts, self.least_constituent, self.linking)
