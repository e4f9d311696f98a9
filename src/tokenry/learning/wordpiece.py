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

import os
import warnings
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.corpus import CorpusLike, as_corpus
from tokenry.errors import LearnError, SmallerVocabularyWarning
from tokenry.learning.alphabet import BYTE_ORDER
from tokenry.learning.counting import count_words, pretokenizer_named
from tokenry.learning.merging import native_errors
from tokenry.learning.specials import added_tokens, check_room, check_special_tokens
from tokenry.progress import Progress, silent
from tokenry.text.segmenters.continuation import ContinuationSegmenter
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary, unpack

Score = Literal["likelihood", "ratio", "frequency"]
SCORES: Final = ("likelihood", "ratio", "frequency")
ALPHABET: Final = 512  # every byte as a start and as a continuation
_STEP: Final = 64  # merges between two calls of progress


@dataclass(frozen=True, kw_only=True)
class WordPiece:
    """A learner of WordPiece over bytes.

    Attributes:
        vocab_size: ids in all: specials, 512 bytes and pieces.
        pretokenizer: a splitter's name (``o200k``, ``gpt2``, ...; see
            `tokenry.text.pretokenizers.split_patterns.PATTERNS`) or a regular expression.
        score: what decides which pair is merged: ``likelihood``, ``ratio`` or ``frequency``.
        min_frequency: a pair that occurs less often is not merged.
        max_piece_length: bytes of the longest piece.
        special_tokens: get the ids from 0 on; no text produces them.
        threads: to count with; None for the variable TOKENRY_THREADS or all processors. The result
            does not depend on it.
    """

    vocab_size: int = 32_000
    pretokenizer: str = "o200k"
    score: Score = "likelihood"
    min_frequency: int = 2
    max_piece_length: int = 64
    special_tokens: tuple[str, ...] = ()
    threads: int | None = None

    def __post_init__(self) -> None:
        check_special_tokens(self.special_tokens)
        check_room(self.vocab_size, self.special_tokens, ALPHABET, "256 bytes of two kinds")
        if self.score not in SCORES:
            raise LearnError(f"score {self.score!r}; expected one of {', '.join(SCORES)}")
        if self.max_piece_length < 1 or self.min_frequency < 0:
            raise LearnError(
                f"max_piece_length {self.max_piece_length} and min_frequency "
                f"{self.min_frequency}; expected 1 byte or more, and 0 or more"
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
            SmallerVocabularyWarning: the data have fewer pairs than asked for.
        """
        progress = progress or silent
        documents = (document.data for document in as_corpus(corpus))
        counter = count_words(
            documents, pretokenizer_named(self.pretokenizer), progress, self.threads
        )
        pieces, continues = self.grow(counter, progress)
        wanted = self.vocab_size - len(self.special_tokens)
        if len(pieces) < wanted:
            warnings.warn(
                f"the vocabulary has {len(pieces) + len(self.special_tokens)} ids of the "
                f"{self.vocab_size} that were asked for: no other pair occurs often enough; give "
                "more data or lower min_frequency",
                SmallerVocabularyWarning,
                stacklevel=3,
            )
        return self.to_tokenizer(pieces, continues)

    def grow(
        self, counter: _native.WordCounter, progress: Progress
    ) -> tuple[list[bytes], NDArray[np.bool_]]:
        """Pieces and whether each continues a pretoken; takes the words out of ``counter``."""
        wanted = self.vocab_size - len(self.special_tokens)
        with native_errors():
            index = _native.WordPieceIndex(
                counter, self.score, self.min_frequency, self.max_piece_length
            )
        continues = [False] * 256 + [True] * 256
        while len(continues) < wanted:
            step = min(_STEP, wanted - len(continues))
            merges, scores = index.run(step)
            for left, made in zip(merges[::3].tolist(), merges[2::3].tolist(), strict=True):
                if made == len(continues):
                    continues.append(continues[left])
            progress("merge", len(continues), wanted)
            if len(scores) < step:
                break
        return unpack(*index.pieces()), np.array(continues)

    def to_tokenizer(self, pieces: list[bytes], continues: NDArray[np.bool_]) -> Tokenizer:
        """Specials, bytes that start, bytes that continue, then pieces in the order of learning."""
        order = [*BYTE_ORDER, *(256 + byte for byte in BYTE_ORDER), *range(ALPHABET, len(pieces))]
        specials = [content.encode() for content in self.special_tokens]
        vocabulary = Vocabulary(
            [*specials, *(pieces[at] for at in order)],
            dict.fromkeys(range(len(specials)), "special"),
        )
        marks = np.concatenate([np.zeros(len(specials), dtype=np.bool_), continues[order]])
        return Tokenizer(
            vocabulary=vocabulary,
            segmenter=ContinuationSegmenter(vocabulary, marks),
            pretokenizer=pretokenizer_named(self.pretokenizer),
            added_tokens=added_tokens(self.special_tokens),
            name="wordpiece",
            metadata={"learner": "wordpiece", "options": repr(self)},
        )
