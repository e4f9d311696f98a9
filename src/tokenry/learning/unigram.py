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

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from tokenry import _native
from tokenry.errors import CorpusError
from tokenry.learning import unigram_em as em
from tokenry.learning.alphabet import BYTE_ORDER
from tokenry.learning.contract import WordLearner
from tokenry.learning.counting import counter_of
from tokenry.learning.merging import native_errors
from tokenry.learning.session import Session
from tokenry.learning.shortage import warn_if_smaller
from tokenry.learning.unigram_training import UnigramTraining
from tokenry.options import Bounds, Natural, Positive, Share
from tokenry.text.pipeline import Pipeline
from tokenry.text.segmenters.unigram import UNKNOWN_PENALTY, UnigramSegmenter
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import unpack


@dataclass(frozen=True, kw_only=True)
class Unigram(WordLearner[em.UnigramModel]):
    """A learner of Unigram models with byte fallback; other options are those of `CountingOptions`.

    Attributes:
        vocab_size: ids in all: specials, 256 bytes and pieces.
        max_piece_length: characters of the longest piece, 1 to 63.
        character_coverage: share of the characters of the text that may be pieces; the rarest are
            always spelled by bytes.
        seed_size: substrings to start from.
        shrinking_factor: share of the pieces that a round of pruning keeps.
        em_iterations: steps of expectation maximisation between two rounds.
    """

    kind: ClassVar[str] = "unigram"
    checkpointed: ClassVar[str] = "pieces and their scores after each step of EM"
    shortage: ClassVar[str] = "no other substring occurs twice; give more data"
    max_piece_length: Annotated[int, Bounds(1, 63)] = 16
    character_coverage: Share = 0.9995
    seed_size: Natural = 1_000_000
    shrinking_factor: Annotated[float, Bounds(above=0, below=1)] = 0.75
    em_iterations: Positive = 2

    def validate(self) -> None:
        """Refuse a vocabulary without room for bytes."""
        super().validate()
        self.check_room(em.BYTES, "256 bytes")

    def fit_words(self, session: Session, counter: _native.WordCounter) -> em.UnigramModel:
        """Pieces and scores; no piece crosses the end of a word."""
        data = counter.fingerprint()
        with native_errors():
            words = _native.UnigramWords(counter, self.threads or _native.default_threads())
        training = self.training(words)
        checkpoint = session.checkpoint(training, self.decisive(), data)
        checkpoint.drive(training.steps(), session.progress)
        return training.model

    def training(self, words: em.LatticeSums) -> UnigramTraining:
        """What fits pieces and scores to ``words``, at most as many as there is room for."""
        return UnigramTraining(
            words,
            self.vocab_size - len(self.special_tokens),
            character_coverage=self.character_coverage,
            longest=self.max_piece_length,
            seed_size=self.seed_size,
            shrinking_factor=self.shrinking_factor,
            em_iterations=self.em_iterations,
        )

    def learn_counts(self, counts: Mapping[bytes, int] | _native.WordCounter) -> Tokenizer:
        """Learn from stretches that are counted already.

        Args:
            counts: how often each stretch (a pretoken, or a part of one) occurs.

        Raises:
            CorpusError: there are none.
            LearnError: a count is negative.
        """
        counter = counts if isinstance(counts, _native.WordCounter) else counter_of(counts)
        if not len(counter):
            raise CorpusError("there are no words to learn from; count some text")
        tokenizer = self.tokenizer(self.fit_words(Session.of(()), counter))
        warn_if_smaller(len(tokenizer), self.vocab_size, self.shortage)
        return tokenizer

    def pipeline(self, learnt: em.UnigramModel) -> Pipeline:
        """Specials, bytes, then pieces by falling score."""
        pieces = unpack(learnt.pieces.run, learnt.pieces.offsets)
        likely_first = sorted(
            range(em.BYTES, len(pieces)), key=lambda at: (-learnt.scores[at], pieces[at])
        )
        order = [*BYTE_ORDER, *likely_first]
        first = len(self.special_tokens)
        fallback = {first + at: "byte" for at, byte in enumerate(BYTE_ORDER) if byte >= 0x80}
        vocabulary = self.vocabulary((pieces[at] for at in order), fallback)
        # Twelve places, for there are doubles that no literal of a tokenizer.json gives.
        scores = np.concatenate([np.zeros(first), learnt.scores[order].round(12)])
        segmenter = UnigramSegmenter(
            vocabulary,
            scores,
            float(scores.min()) - UNKNOWN_PENALTY,
            byte_fallback=True,
            arithmetic="transformers",
        )
        return self.assembled(vocabulary, segmenter, self.splitter(), notes=learnt.notes)
