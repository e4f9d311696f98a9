"""K-Tokeniser: vocabularies by semantic type beside a base vocabulary, chosen by the sentence.

Source: Hasan, Wu, Nguyen, Andres, Guellil, Zhang, Casey, Alex, Guthrie, Wu 2024, "Infusing clinical
knowledge into tokenisers for language models", arXiv:2406.14312.

1. Learn a base vocabulary: byte-level BPE on the corpus.
2. For each semantic type collect the words of its terms, weighted by how often the corpus has
   them, and learn a small BPE on those alone. Pieces that the base lacks get ids after the base's.
3. Give every type a unigram model over the base's pieces and its own: half of the probability goes
   to pieces as the type's words use them, half to pieces as the whole corpus does.
4. A word takes the candidate segmentation of least entropy, a sentence the base or the K
   segmentation by fertility: see `tokenry.text.segmenters.semantic`.

The paper takes terms from UMLS or from the entities of a task; here they are a list of the user's.
Without one, names, units and long words are found by rule (`tokenry.learning.terms`), which shows
the machinery but is no domain knowledge. New ids come with their base pieces
(`SemanticSegmenter.decompositions`) to start embeddings from. No tokenizer.json can say it.

Learning costs about what BPE costs; words are counted twice. Encoding calls Python once a sentence:
2 to 3.5 MB a second of English on one core.
"""

from __future__ import annotations

import os
import warnings
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.corpus import Corpus, CorpusLike, as_corpus
from tokenry.errors import LearnError, SmallerVocabularyWarning
from tokenry.learning.bpe import Bpe
from tokenry.learning.counting import pretokenizer_named
from tokenry.learning.lexicon import Lexicon
from tokenry.learning.terms import TermList, find_terms, words_of_terms
from tokenry.learning.type_vocabularies import (
    Counts,
    base_model,
    fill_up,
    learn_types,
    pretokens_by_type,
    shortened,
    type_model,
)
from tokenry.progress import Progress, silent
from tokenry.text.parts import AddedToken, Pretokenizer
from tokenry.text.pretokenizers.sentences import SentencePretokenizer
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.text.segmenters.semantic import SemanticSegmenter
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary


@dataclass(frozen=True, kw_only=True)
class Semantic:
    """A learner of vocabularies by semantic type.

    Attributes:
        vocab_size: ids in all: specials, base and types.
        share: of ``vocab_size`` for pieces that only types have, the same number for each type.
            What the terms cannot fill goes to the base.
        terms: type -> terms, or a file of them (see `tokenry.learning.terms.words_of_terms`);
            None for names, units and long words found in the text.
        pretokenizer: cuts sentences into words.
        special_tokens: get the ids from 0 on; no text produces them.
        threads: to count with; None for the variable TOKENRY_THREADS or all processors.
    """

    vocab_size: int = 32_000
    share: float = 0.1
    terms: TermList | None = None
    pretokenizer: str = "o200k"
    special_tokens: tuple[str, ...] = ()
    threads: int | None = None

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise LearnError(f"share {self.share!r}; expected a share between 0 and 1 such as 0.1")
        self._base()

    def learn(
        self,
        corpus: CorpusLike,
        *,
        progress: Progress | None = None,
        checkpoint: str | os.PathLike[str] | None = None,
    ) -> Tokenizer:
        """Learn from ``corpus``.

        Args:
            corpus: documents; see `tokenry.corpus.as_corpus`.
            progress: told how far it is.
            checkpoint: of the base vocabulary, the part that takes time; types are learnt anew.

        Raises:
            CorpusError: the corpus is empty or cannot be read.
            LearnError: the vocabulary has no room for specials and bytes, the term list is not
                one, or the checkpoint is of other data or options.

        Warns:
            SmallerVocabularyWarning: the data have fewer pairs than asked for.
        """
        progress = progress or silent
        documents = as_corpus(corpus)
        listed = None if self.terms is None else words_of_terms(self.terms)
        with warnings.catch_warnings():
            # Types may fill what the base cannot.
            warnings.simplefilter("ignore", SmallerVocabularyWarning)
            full = self._base().learn_lexicon(documents, progress=progress, checkpoint=checkpoint)
        pretokens = self._count(documents, progress)
        words = listed or find_terms((each.data for each in documents), pretokens.items())
        by_type = pretokens_by_type(pretokens, words)
        base = shortened(full, self.vocab_size - round(self.share * self.vocab_size))
        types = learn_types(by_type, base.pieces, self.vocab_size - len(base), progress)
        base, new = fill_up(base, full, types, self.vocab_size)
        tokenizer = self._tokenizer(base, new, types, pretokens)
        _warn_if_smaller(len(tokenizer.vocabulary), self.vocab_size)
        return tokenizer

    def _base(self) -> Bpe:
        return Bpe(
            vocab_size=self.vocab_size,
            pretokenizer=self.pretokenizer,
            special_tokens=self.special_tokens,
            threads=self.threads,
        )

    def _count(self, corpus: Corpus, progress: Progress) -> Counts:
        counter = self._base().count(corpus, progress)
        run, offsets, counts = counter.words()
        bounds = offsets.tolist()
        return Counter(
            {
                run[start:end]: count
                for start, end, count in zip(bounds, bounds[1:], counts.tolist(), strict=False)
            }
        )

    def _tokenizer(
        self, base: Lexicon, new: list[bytes], types: dict[str, Counts], pretokens: Counts
    ) -> Tokenizer:
        specials = [content.encode() for content in base.specials]
        pieces = [*specials, *base.pieces[len(specials) :], *new]
        vocabulary = Vocabulary(pieces, dict.fromkeys(range(len(specials)), "special"))
        words = pretokenizer_named(self.pretokenizer)
        segmenter = BytePairSegmenter.from_merges(vocabulary, base.table())
        used = _usage(segmenter, words, pretokens)
        model = base_model(used, len(specials), len(base))
        ids = {piece: vocabulary.id_of(piece) for found in types.values() for piece in found}
        models = [type_model(found, ids, model) for found in types.values()]
        with np.errstate(divide="ignore"):
            logs = np.log2(np.stack([model, *models]))
        return Tokenizer(
            vocabulary=vocabulary,
            segmenter=SemanticSegmenter(
                vocabulary, segmenter, words, tuple(types), logs[0], logs[1:]
            ),
            pretokenizer=SentencePretokenizer(words),
            added_tokens=[AddedToken(text, id_) for id_, text in enumerate(base.specials)],
            name="semantic",
            metadata={"learner": "semantic", "options": repr(self)},
        )


def _usage(
    segmenter: BytePairSegmenter, words: Pretokenizer, pretokens: Counts
) -> NDArray[np.float64]:
    """How often each id stands in the corpus, shape (ids,)."""
    tokenizer = Tokenizer(vocabulary=segmenter.vocabulary, segmenter=segmenter, pretokenizer=words)
    rows = tokenizer.encode_pretokens(list(pretokens))
    counts = np.fromiter(pretokens.values(), np.float64, len(pretokens))
    size = len(segmenter.vocabulary)
    return np.bincount(rows.ids, np.repeat(counts, rows.lengths()), size).astype(np.float64)


def _warn_if_smaller(size: int, wanted: int) -> None:
    if size < wanted:
        warnings.warn(
            f"the vocabulary has {size} pieces of the {wanted} that were asked for: neither text "
            "nor terms have more; give more of either",
            SmallerVocabularyWarning,
            stacklevel=3,
        )
