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
Without one, names, units and long words are found by rule (`tokenry.learning.semantics.terms`),
which shows the machinery but is no domain knowledge. New ids come with their base pieces
(`SemanticSegmenter.decompositions`) to start embeddings from. No tokenizer.json can say it.

Learning costs about what BPE costs; words are counted twice. Encoding calls Python once a sentence:
2 to 3.5 MB a second of English on one core.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray

from tokenry.learning.bpe import Bpe
from tokenry.learning.contract import Learner
from tokenry.learning.counting import word_counts
from tokenry.learning.merge_list import MergeList
from tokenry.learning.option_groups import CountingOptions
from tokenry.learning.semantics.terms import TermList, find_terms, words_of_terms
from tokenry.learning.semantics.vocabularies import (
    Counts,
    base_model,
    fill_up,
    learn_types,
    pretokens_by_type,
    shortened,
    type_model,
)
from tokenry.learning.session import Session
from tokenry.options import Bounds
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.sentences import SentencePretokenizer
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.text.segmenters.semantic import SemanticSegmenter
from tokenry.tokenizer import Tokenizer


@dataclass(frozen=True)
class TypedPieces:
    """What is learnt.

    Attributes:
        base: the base vocabulary.
        new: pieces that only types have.
        types: the pieces of each type, with counts.
        pretokens: of the corpus, with counts.
    """

    base: MergeList
    new: list[bytes]
    types: dict[str, Counts]
    pretokens: Counts


@dataclass(frozen=True, kw_only=True)
class Semantic(CountingOptions, Learner[TypedPieces]):
    """A learner of vocabularies by semantic type; other options are those of `CountingOptions`.

    Attributes:
        vocab_size: ids in all: specials, base and types.
        share: of ``vocab_size`` for pieces that only types have, the same number for each type.
            What the terms cannot fill goes to the base.
        terms: type -> terms, or a file of them, see
            `tokenry.learning.semantics.terms.words_of_terms`; None for names, units and long words
            found in the text.
    """

    kind: ClassVar[str] = "semantic"
    checkpointed: ClassVar[str] = "merges of the base vocabulary, the part that takes time"
    shortage: ClassVar[str] = "neither text nor terms have more; give more of either"
    share: Annotated[float, Bounds(above=0, below=1)] = 0.1
    terms: TermList | None = None

    def base(self) -> Bpe:
        """The learner of the base vocabulary."""
        return Bpe(
            vocab_size=self.vocab_size,
            pretokenizer=self.pretokenizer,
            special_tokens=self.special_tokens,
            threads=self.threads,
        )

    def fit(self, session: Session) -> TypedPieces:
        """Base and types; words are counted twice."""
        listed = None if self.terms is None else words_of_terms(self.terms)
        full = self.base().fit(session)
        pretokens = word_counts(self.count(session))
        words = listed or find_terms(session.documents(), pretokens.items())
        by_type = pretokens_by_type(pretokens, words)
        base = shortened(full, self.vocab_size - round(self.share * self.vocab_size))
        room = self.vocab_size - len(base)
        types = learn_types(by_type, base.pieces, room, session.progress)
        return TypedPieces(*fill_up(base, full, types, self.vocab_size), types, pretokens)

    def pipeline(self, learnt: TypedPieces) -> Pipeline:
        """A tokenizer that chooses among types by the sentence."""
        first = len(self.special_tokens)
        vocabulary = self.vocabulary([*learnt.base.pieces[first:], *learnt.new])
        segmenter = BytePairSegmenter.from_merges(vocabulary, learnt.base.table())
        words = self.splitter()
        plain = Tokenizer(vocabulary=vocabulary, segmenter=segmenter, pretokenizer=words)
        model = base_model(_usage(plain, learnt.pretokens), first, len(learnt.base))
        found = learnt.types.values()
        ids = {piece: vocabulary.id_of(piece) for pieces in found for piece in pieces}
        models = [type_model(pieces, ids, model) for pieces in found]
        with np.errstate(divide="ignore"):
            logs = np.log2(np.stack([model, *models]))
        typed = SemanticSegmenter(
            vocabulary, segmenter, words, tuple(learnt.types), logs[0], logs[1:]
        )
        return self.assembled(vocabulary, typed, SentencePretokenizer(words))


def _usage(tokenizer: Tokenizer, pretokens: Counts) -> NDArray[np.float64]:
    """How often each id stands in the corpus, shape (ids,)."""
    rows = tokenizer.encode_pretokens(list(pretokens))
    counts = np.fromiter(pretokens.values(), np.float64, len(pretokens))
    found = np.bincount(rows.ids, np.repeat(counts, rows.lengths()), len(tokenizer))
    return found.astype(np.float64)
