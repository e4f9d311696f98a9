"""Byte-level BPE.

Source: Sennrich, Haddow, Birch 2016, "Neural machine translation of rare words with subword units",
arXiv:1508.07909; on bytes: Radford et al. 2019 (GPT-2).

1. Cut documents into pretokens; count the distinct ones.
2. Start from single bytes. Merge the pair of neighbours that occurs most often, everywhere, left to
   right; equal counts go to the lower (left id, right id). Repeat until the vocabulary is full.

Merges are those of ``tokenizers``' ``BpeTrainer`` on the same pretokens (counts here have 64 bits,
there 32). It costs about 1.5 seconds of processor time for 80 MB and 32,000 pieces, and memory for
the distinct pretokens only. It does not drop pieces that became useless later (PickyBPE does).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tokenry import _native
from tokenry.corpus import Corpus, CorpusLike, as_corpus
from tokenry.errors import LearnError
from tokenry.learning.alphabet import BYTE_ORDER, ordered
from tokenry.learning.checkpoint import Checkpoint, fingerprint
from tokenry.learning.counting import count_words, pretokenizer_named
from tokenry.learning.lexicon import Lexicon
from tokenry.learning.merging import grow, native_errors
from tokenry.learning.specials import check_special_tokens
from tokenry.progress import Progress, silent
from tokenry.text.parts import Pretokenizer
from tokenry.tokenizer import Tokenizer

NO_LIMIT = 2**62


@dataclass(frozen=True, kw_only=True)
class Bpe:
    """A learner of byte-level BPE.

    Attributes:
        vocab_size: ids in all: specials, alphabet and merges.
        pretokenizer: a splitter's name (``o200k``, ``gpt2``, ...; see
            `tokenry.text.pretokenizers.split_patterns.PATTERNS`) or a regular expression.
        numbers: a number policy, such as ``r2l3``, in place of the splitter's own way to cut
            digits; see `tokenry.text.pretokenizers.number_policies`.
        min_frequency: a pair that occurs less often is not merged.
        max_piece_length: bytes of the longest piece; None for no limit. ``tokenizers`` calls the
            same limit ``max_token_length = max_piece_length + 1``.
        initial_alphabet: bytes that have an id whether the data hold them or not; bytes of the
            data always have one. Only with all 256, the default, can every text be encoded.
        special_tokens: get the ids from 0 on; no text produces them.
        merges: pairs of pieces to begin with, in order, before any is learnt.
        threads: to count with; None for the variable TOKENRY_THREADS or all processors. The
            result does not depend on it.
    """

    kind: ClassVar[str] = "bpe"
    vocab_size: int = 32_000
    pretokenizer: str = "o200k"
    min_frequency: int = 0
    max_piece_length: int | None = None
    initial_alphabet: bytes = BYTE_ORDER
    special_tokens: tuple[str, ...] = ()
    merges: tuple[tuple[bytes, bytes], ...] = ()
    threads: int | None = None
    numbers: str | None = None

    def __post_init__(self) -> None:
        if self.max_piece_length is not None and self.max_piece_length < 1:
            raise LearnError(f"max_piece_length {self.max_piece_length}; expected 1 byte or more")
        check_special_tokens(self.special_tokens)

    def learn(
        self,
        corpus: CorpusLike,
        *,
        progress: Progress | None = None,
        checkpoint: str | os.PathLike[str] | None = None,
    ) -> Tokenizer:
        """Learn from ``corpus``; see `learn_lexicon`."""
        lexicon = self.learn_lexicon(corpus, progress=progress, checkpoint=checkpoint)
        return lexicon.to_tokenizer(
            self.outer(),
            name=self.kind,
            metadata={"learner": self.kind, "options": repr(self)},
        )

    def outer(self) -> Pretokenizer:
        """What the tokenizer cuts text with."""
        return pretokenizer_named(self.pretokenizer, self.numbers)

    def rule(self) -> Callable[[bytes], bool] | None:
        """Which pieces may be made; None for all."""
        return None

    def learn_lexicon(
        self,
        corpus: CorpusLike,
        *,
        progress: Progress | None = None,
        checkpoint: str | os.PathLike[str] | None = None,
    ) -> Lexicon:
        """Learn pieces, merges and the count of each merge.

        Args:
            corpus: documents; see `tokenry.corpus.as_corpus`.
            progress: told how far it is.
            checkpoint: a file to go on from, and to leave behind when interrupted.

        Raises:
            CorpusError: the corpus is empty or cannot be read.
            LearnError: the vocabulary has no room for specials and alphabet, or the checkpoint
                is of other data or options.

        Warns:
            SmallerVocabularyWarning: the data have fewer pairs than asked for.
        """
        progress = progress or silent
        counter = self.count(as_corpus(corpus), progress)
        lexicon = self.start(counter)
        options = {name: value for name, value in vars(self).items() if name != "threads"}
        saved = Checkpoint(
            Path(checkpoint) if checkpoint is not None else None,
            fingerprint((type(self).__name__, options), counter.fingerprint()),
        )
        saved.restore(lexicon)
        index = self.index(counter, lexicon)
        grow(index, lexicon, self.vocab_size, progress=progress, checkpoint=saved)
        lexicon.check_size(self.vocab_size)
        return lexicon

    def count(self, corpus: Corpus, progress: Progress) -> _native.WordCounter:
        """Distinct pretokens of the corpus."""
        documents = (document.data for document in corpus)
        pretokenizer = pretokenizer_named(self.pretokenizer, self.numbers)
        return count_words(documents, pretokenizer, progress, self.threads)

    def start(self, counter: _native.WordCounter) -> Lexicon:
        """Specials, alphabet and the merges that were given."""
        alphabet = ordered(self.initial_alphabet)
        if len(alphabet) < 256:
            alphabet = ordered(alphabet + counter.words()[0])
        room = self.vocab_size - len(self.special_tokens) - len(alphabet)
        if room < len(self.merges):
            raise LearnError(
                f"vocab_size {self.vocab_size} has no room: {len(self.special_tokens)} special "
                f"tokens, {len(alphabet)} bytes of the alphabet and {len(self.merges)} given "
                f"merges take {self.vocab_size - room + len(self.merges)} ids; ask for more"
            )
        lexicon = Lexicon(self.special_tokens, alphabet)
        lexicon.add_given(self.merges)
        return lexicon

    def index(self, counter: _native.WordCounter, lexicon: Lexicon) -> _native.PairIndex:
        """The state that merging goes on from; takes the words out of ``counter``."""
        with native_errors():
            return _native.PairIndex.of_words(
                counter,
                *lexicon.packed(),
                lexicon.byte_ids(),
                lexicon.table(),
                self.min_frequency,
                self.max_piece_length or NO_LIMIT,
                max(0, self.vocab_size - len(lexicon)),
                self.rule(),
            )
