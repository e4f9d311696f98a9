"""Unigram language model.

Source: Kudo 2018, "Subword regularization: improving neural network translation models with
multiple subword candidates", arXiv:1804.10959.

1. Cut documents into pretokens; count the distinct ones.
2. Seeds: the characters that cover ``character_coverage`` of the text, and of their substrings
   within pretokens the ``seed_size`` with the largest count times length. All substrings are seen,
   by a suffix array of bounded depth over the distinct pretokens.
3. Expectation maximisation over the lattices of the distinct pretokens, ``em_iterations`` times,
   with the sparse prior of sentencepiece (digamma of the counts); what is expected less than half
   a time is dropped.
4. Keep the ``shrinking_factor`` of the pieces without which the likelihood would fall most. Back to
   3 until the vocabulary is a tenth larger than asked for; the last cut is by loss too, and two
   more steps of 3 fit the scores to it.

Bytes: every byte is an id. The 128 of ASCII are pieces like any other; the others stand for
characters without a piece, of which each costs the sum of its bytes while learning. So every text,
and every byte string, has a segmentation, and rare characters are pruned by loss as other pieces
are. A pretoken of any length is learnt from whole; one of more than 256 bytes, or of vanishing
probability, is summed up by logarithms.

It costs about 14 seconds of processor time for 80 MB of mixed text and 32,000 pieces, and memory
for the distinct pretokens: about 12 bytes a byte of them, 60 bytes a seed and 8 bytes a seed and
thread. It does not sample segmentations (subword regularization); encoding takes the best one.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tokenry import _native
from tokenry.corpus import CorpusLike, as_corpus
from tokenry.errors import CorpusError, LearnError, SmallerVocabularyWarning
from tokenry.learning import unigram_em as em
from tokenry.learning.alphabet import BYTE_ORDER
from tokenry.learning.counting import count_words, pretokenizer_named
from tokenry.learning.merging import native_errors
from tokenry.learning.specials import added_tokens, check_room, check_special_tokens
from tokenry.progress import Progress, silent
from tokenry.text.parts import Pretokenizer
from tokenry.text.segmenters.unigram import UNKNOWN_PENALTY, UnigramSegmenter
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary, unpack


@dataclass(frozen=True, kw_only=True)
class Unigram:
    """A learner of Unigram models with byte fallback.

    Attributes:
        vocab_size: ids in all: specials, 256 bytes and pieces.
        pretokenizer: a splitter's name (``o200k``, ``gpt2``, ``metaspace``, ...; see
            `tokenry.text.pretokenizers.split_patterns.PATTERNS`) or a regular expression.
        max_piece_length: characters of the longest piece, 1 to 63.
        character_coverage: share of the characters of the text that may be pieces; the rarest are
            always spelled by bytes.
        seed_size: substrings to start from.
        shrinking_factor: share of the pieces that a round of pruning keeps.
        em_iterations: steps of expectation maximisation between two rounds.
        special_tokens: get the ids from 0 on; no text produces them.
        threads: None for the variable TOKENRY_THREADS or all processors. The result does not
            depend on it.
    """

    vocab_size: int = 32_000
    pretokenizer: str = "o200k"
    max_piece_length: int = 16
    character_coverage: float = 0.9995
    seed_size: int = 1_000_000
    shrinking_factor: float = 0.75
    em_iterations: int = 2
    special_tokens: tuple[str, ...] = ()
    threads: int | None = None

    def __post_init__(self) -> None:
        check_special_tokens(self.special_tokens)
        check_room(self.vocab_size, self.special_tokens, em.BYTES, "256 bytes")
        if not 1 <= self.max_piece_length <= 63:
            raise LearnError(f"max_piece_length {self.max_piece_length}; expected 1 to 63")
        if not 0 <= self.character_coverage <= 1:
            raise LearnError(f"character_coverage {self.character_coverage}; expected 0 to 1")
        if not 0 < self.shrinking_factor < 1:
            raise LearnError(
                f"shrinking_factor {self.shrinking_factor}; expected a share such as 0.75"
            )
        if self.em_iterations < 1 or self.seed_size < 0:
            raise LearnError(
                f"em_iterations {self.em_iterations} and seed_size {self.seed_size}; expected 1 "
                "or more, and 0 or more"
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
            corpus: documents; see `tokenry.corpus.as_corpus`.
            progress: told how far it is.
            checkpoint: is not written; learning takes seconds and starts anew.

        Raises:
            CorpusError: the corpus is empty or cannot be read.

        Warns:
            SmallerVocabularyWarning: the data have fewer frequent substrings than asked for.
        """
        progress = progress or silent
        pretokenizer = pretokenizer_named(self.pretokenizer)
        documents = (document.data for document in as_corpus(corpus))
        counter = count_words(documents, pretokenizer, progress, self.threads)
        return self.learn_counts(counter, pretokenizer=pretokenizer, progress=progress)

    def learn_counts(
        self,
        counts: Mapping[bytes, int] | _native.WordCounter,
        *,
        pretokenizer: Pretokenizer | None = None,
        progress: Progress | None = None,
    ) -> Tokenizer:
        """Learn from stretches that are counted already; no piece crosses the end of one.

        Args:
            counts: how often each stretch (a pretoken, or a part of one) occurs.
            pretokenizer: of the tokenizer that comes out; None for that of the options.
            progress: told how far it is.
        """
        with native_errors():
            words = _native.UnigramWords(
                _counter_of(counts), self.threads or _native.default_threads()
            )
        model = self.fit(words, progress or silent)
        return self.to_tokenizer(model, pretokenizer or pretokenizer_named(self.pretokenizer))

    def fit(self, words: em.Words, progress: Progress) -> em.Model:
        """Pieces and scores for ``words``, at most as many as there is room for."""
        wanted = self.vocab_size - len(self.special_tokens)
        model = em.start(words, self.character_coverage, self.max_piece_length, self.seed_size)
        em.train(
            words,
            model,
            wanted,
            shrinking_factor=self.shrinking_factor,
            em_iterations=self.em_iterations,
            progress=progress,
        )
        if len(model.pieces) < wanted:
            warnings.warn(
                f"the vocabulary has {len(model.pieces) + len(self.special_tokens)} ids of the "
                f"{self.vocab_size} that were asked for: no other substring occurs twice; give "
                "more data",
                SmallerVocabularyWarning,
                stacklevel=4,
            )
        return model

    def to_tokenizer(self, model: em.Model, pretokenizer: Pretokenizer) -> Tokenizer:
        """Specials, bytes, then pieces by falling score."""
        pieces = unpack(model.pieces.run, model.pieces.offsets)
        likely_first = sorted(
            range(em.BYTES, len(pieces)), key=lambda at: (-model.scores[at], pieces[at])
        )
        order = [*BYTE_ORDER, *likely_first]
        specials = [content.encode() for content in self.special_tokens]
        roles = dict.fromkeys(range(len(specials)), "special")
        roles |= {len(specials) + at: "byte" for at, byte in enumerate(BYTE_ORDER) if byte >= 0x80}
        vocabulary = Vocabulary([*specials, *(pieces[at] for at in order)], roles)
        # Twelve places, for there are doubles that no literal of a tokenizer.json gives.
        scores = np.concatenate([np.zeros(len(specials)), model.scores[order].round(12)])
        return Tokenizer(
            vocabulary=vocabulary,
            segmenter=UnigramSegmenter(
                vocabulary,
                scores,
                float(scores.min()) - UNKNOWN_PENALTY,
                byte_fallback=True,
                arithmetic="transformers",
            ),
            pretokenizer=pretokenizer,
            added_tokens=added_tokens(self.special_tokens),
            name="unigram",
            metadata={"learner": "unigram", "options": repr(self)},
        )


def _counter_of(counts: Mapping[bytes, int] | _native.WordCounter) -> _native.WordCounter:
    if isinstance(counts, _native.WordCounter):
        return counts
    counter = _native.WordCounter()
    for word, count in counts.items():
        if count < 0:
            raise LearnError(f"{word!r} is counted {count} times; expected 0 or more")
        counter.add_word(word, count)
    if not len(counter):
        raise CorpusError("there are no words to learn from; count some text")
    return counter
