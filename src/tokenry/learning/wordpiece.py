"""WordPiece: merges chosen for the likelihood, longest match to encode.

Source: Schuster and Nakajima 2012, "Japanese and Korean voice search", ICASSP; Wu et al. 2016,
arXiv:1609.08144, for the longest match. The trainer of the authors was never published.

1. Cut documents into pretokens; count the distinct ones.
2. Start from bytes, each twice: as the start of a pretoken and as what continues one.
3. Merge the pair of neighbours a, b with the largest score, everywhere; repeat until the vocabulary
   is full. With c the counts of the text as it stands and n its number of symbols the scores are

   - ``likelihood``: c(ab) log(c(ab) n / (c(a) c(b))), what the new piece adds to the likelihood of
     the text under a unigram model, as the paper asks for;
   - ``ratio``: c(ab) / (c(a) c(b)), the rule that tutorials give for WordPiece. It prefers what is
     rare, so it needs a high ``min_frequency``;
   - ``frequency``: c(ab), which is BPE, as Hugging Face's ``WordPieceTrainer`` does it.

   Equal scores go to the lower (left id, right id).
4. Encode by the longest piece that starts the pretoken, then again and again by the longest that
   continues it. Merges play no part in it.

White space belongs to the pretoken, and every byte has both pieces, so nothing is unknown. For
learning, pretokens are cut after every 256 bytes. Scores of pairs rise when a symbol becomes rarer;
a heap of upper bounds finds the best one without looking at all. It costs about 6 seconds of
processor time for 80 MB and 32,000 pieces (3.5 by frequency), and memory for the distinct
pretokens: about 40 bytes a byte of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, Final, Literal

import numpy as np

from tokenry import _native
from tokenry.learning.alphabet import BYTE_ORDER
from tokenry.learning.checkpoint import ProgressStep
from tokenry.learning.contract import WordLearner
from tokenry.learning.merging import native_errors
from tokenry.learning.session import Session
from tokenry.options import Natural, Positive
from tokenry.text.pipeline import Pipeline
from tokenry.text.segmenters.continuation import ContinuationSegmenter
from tokenry.vocabulary import unpack

Score = Literal["likelihood", "ratio", "frequency"]
SCORES: Final = ("likelihood", "ratio", "frequency")
ALPHABET: Final = 512  # every byte as a start and as a continuation
_STEP: Final = 64  # merges between two calls of progress


@dataclass
class MarkedPieces:
    """Bytes that start, the same that continue, and pieces in the order of learning.

    Attributes:
        pieces: their bytes.
        continues: whether each continues a pretoken.
    """

    pieces: list[bytes] = field(default_factory=list)
    continues: list[bool] = field(default_factory=lambda: [False] * 256 + [True] * 256)


@dataclass(frozen=True, kw_only=True)
class WordPiece(WordLearner[MarkedPieces]):
    """A learner of WordPiece over bytes; other options are those of `CountingOptions`.

    Attributes:
        vocab_size: ids in all: specials, 512 bytes and pieces.
        score: what decides which pair is merged: ``likelihood``, ``ratio`` or ``frequency``.
        min_frequency: a pair that occurs less often is not merged.
        max_piece_length: bytes of the longest piece.
    """

    kind: ClassVar[str] = "wordpiece"
    resumes: ClassVar[bool] = False
    checkpointed: ClassVar[str] = "nothing: making merges once more takes as long as finding them"
    shortage: ClassVar[str] = (
        "no other pair occurs often enough; give more data or lower min_frequency"
    )
    score: Score = "likelihood"
    min_frequency: Natural = 2
    max_piece_length: Positive = 64

    def validate(self) -> None:
        """Refuse a vocabulary without room for bytes."""
        super().validate()
        self.check_room(ALPHABET, "256 bytes of two kinds")

    def fit_words(self, session: Session, counter: _native.WordCounter) -> MarkedPieces:
        """Pieces, and whether each continues a pretoken."""
        with native_errors():
            index = _native.WordPieceIndex(
                counter, self.score, self.min_frequency, self.max_piece_length
            )
        learnt = MarkedPieces()
        session.drive(self._steps(index, learnt))
        learnt.pieces = unpack(*index.pieces())
        return learnt

    def _steps(self, index: _native.WordPieceIndex, learnt: MarkedPieces) -> Iterator[ProgressStep]:
        continues = learnt.continues
        size = self.vocab_size - len(self.special_tokens)
        while len(continues) < size:
            wanted = min(_STEP, size - len(continues))
            merges, scores = index.run(wanted)
            for left, made in zip(merges[::3].tolist(), merges[2::3].tolist(), strict=True):
                if made == len(continues):
                    continues.append(continues[left])
            yield "merge", len(continues), size
            if len(scores) < wanted:
                return

    def pipeline(self, learnt: MarkedPieces) -> Pipeline:
        """Specials, bytes that start, bytes that continue, then pieces in the order of learning."""
        pieces = learnt.pieces
        order = [*BYTE_ORDER, *(256 + byte for byte in BYTE_ORDER), *range(ALPHABET, len(pieces))]
        vocabulary = self.vocabulary(pieces[at] for at in order)
        marks = [False] * len(self.special_tokens) + [learnt.continues[at] for at in order]
        segmenter = ContinuationSegmenter(vocabulary, np.array(marks, dtype=np.bool_))
        return self.assembled(vocabulary, segmenter, self.splitter())
