"""LiB: a lexicon that is read with, and rearranged by what reading with it gives.

Source: Yang, Frank, van den Bosch 2020, "Less is Better: a cognitively inspired unsupervised model
for language segmentation" (CogALex); as a tokenizer: Yang 2024, arXiv:2403.00417.

The lexicon is a list of chunks of characters in the order of their priority. A batch of text is
read by longest match, over and over, and after each chunk:

1. Re-evaluate: read on from the longest and from the second longest chunk until both readings meet.
   The longest is bad if the other gives fewer unknown characters, or as many and fewer chunks, or
   as many of both and a smaller sum of ranks. A bad chunk moves back, and the shorter one forward;
   past the end of the list it is forgotten. A good one moves forward.
2. Memorise: with a probability, look at the last two chunks as one; what is met twice in a batch
   joins the list at its end. An unknown character is learnt in the same way.
3. Forget, after each batch: the chunks at the end of the list are on probation and lose a life a
   batch; a good use restores all lives.

Subwords, words and runs of words come out of the same rules, for nothing is cut before. Bytes stand
outside the list and are always known, so any input can be encoded. The size that was asked for is a
capacity: chunks beyond it are on probation. Nothing new is memorised in the last tenth of the
reading; then the list is cut by priority, and, where it is shorter, filled with the most frequent
pairs of neighbouring chunks.

Differences from the authors' code: there the size cannot be asked for, and a chunk moves by a fifth
of its rank; here by a fiftieth, which on 0.8 MB of held-out English (8,192 ids) saves 2% of the
tokens. Skip-grams are not learnt. The result depends on the seed and on the order of the text, more
than that of counting learners does. It costs about a second for 10 MB read, and the corpus is in
memory. Learning that was interrupted starts anew.
"""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass
from typing import Any

from tokenry import _native
from tokenry.corpus import CorpusLike, as_corpus
from tokenry.errors import CorpusError, LearnError, SmallerVocabularyWarning
from tokenry.learning.alphabet import BYTE_ORDER
from tokenry.learning.counting import pretokenizer_named
from tokenry.learning.lib_units import Batches, characters_by_count, frequent_pairs
from tokenry.learning.specials import added_tokens, check_special_tokens
from tokenry.progress import Progress, silent
from tokenry.text.segmenters.longest_match import LongestSegmenter
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary

_STEP = 4 << 20  # bytes read between two looks at Ctrl-C; about half a second
_ROUNDS = 8  # of filling up; each takes the pairs that the one before made possible


@dataclass(frozen=True, kw_only=True)
class Lib:
    """A learner of LiB.

    Attributes:
        vocab_size: ids in all: specials, 256 bytes and chunks.
        pretokenizer: chunks never cross its cuts; ``whole`` cuts nothing.
        max_piece_length: bytes of the longest chunk.
        seed: of the order of batches and of what is memorised.
        passes: how often the corpus is read; None for 10 times, and up to 100 where that is less
            than 20 MB in all.
        batch: bytes that are read before something is forgotten; less for a small corpus, so that
            a pass has 32 batches.
        memory_in: probability to look at two chunks as one.
        memory_out: share of the list that is on probation beside what is beyond the capacity.
        update_rate: by which share of its rank a chunk moves.
        life: batches that a chunk on probation lives.
        special_tokens: get the ids from 0 on; no text produces them.
    """

    vocab_size: int = 32_000
    pretokenizer: str = "whole"
    max_piece_length: int = 24
    seed: int = 0
    passes: int | None = None
    batch: int = 200_000
    memory_in: float = 0.25
    memory_out: float = 0.0001
    update_rate: float = 0.02
    life: int = 10
    special_tokens: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        room = self.vocab_size - len(self.special_tokens) - 256
        if room < 0:
            raise LearnError(
                f"vocab_size {self.vocab_size} has no room: {len(self.special_tokens)} special "
                f"tokens and 256 bytes take {256 + len(self.special_tokens)} ids; ask for more"
            )
        check_special_tokens(self.special_tokens)
        for name in ("memory_in", "memory_out", "update_rate"):
            if not 0 <= getattr(self, name) <= 1:
                raise LearnError(f"{name} is {getattr(self, name)!r}; expected a share from 0 to 1")
        for name in ("max_piece_length", "batch", "life"):
            if getattr(self, name) < 1:
                raise LearnError(f"{name} is {getattr(self, name)!r}; expected 1 or more")
        if self.passes is not None and self.passes < 1:
            raise LearnError(f"passes is {self.passes}; expected 1 or more, or None")

    @property
    def capacity(self) -> int:
        """Chunks that the vocabulary has room for."""
        return self.vocab_size - len(self.special_tokens) - 256

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
            checkpoint: accepted and not used: learning starts anew.

        Raises:
            CorpusError: the corpus is empty or cannot be read.

        Warns:
            SmallerVocabularyWarning: the data have fewer chunks that occur twice.
        """
        progress = progress or silent
        batches = self.read(corpus)
        chunks = self.learn_chunks(batches, progress)[: self.capacity]
        for _ in range(_ROUNDS):
            missing = self.capacity - len(chunks)
            if missing <= 0:
                break
            found = frequent_pairs(
                self.tokenizer(chunks), batches.text, missing, self.max_piece_length
            )
            chunks += found
            if not found:
                break
        tokenizer = self.tokenizer(chunks)
        if len(tokenizer.vocabulary) < self.vocab_size:
            warnings.warn(
                f"the vocabulary has {len(tokenizer.vocabulary)} pieces of the {self.vocab_size} "
                "that were asked for: no other chunk occurs twice; give more data",
                SmallerVocabularyWarning,
                stacklevel=2,
            )
        return tokenizer

    def read(self, corpus: CorpusLike) -> Batches:
        """The corpus as units and batches of them.

        Raises:
            CorpusError: it has no bytes.
        """
        documents = [document.data for document in as_corpus(corpus)]
        if not documents:
            raise CorpusError(
                "the corpus is empty: it has no document with a byte in it; give text"
            )
        return Batches.of(documents, pretokenizer_named(self.pretokenizer), self.batch)

    def learn_chunks(self, batches: Batches, progress: Progress) -> list[bytes]:
        """The list after all reading, by priority; it may be longer than the capacity."""
        learner = self.learner(batches)
        total = self.passes_of(len(batches.text)) * len(batches.batches)
        step = max(1, _STEP * len(batches.batches) // len(batches.text))
        done, settled = 0, total - total // 10
        while done < total:
            limit = settled if done < settled else total
            if limit == total:
                learner.set_memorising(False)
            count = min(step, limit - done)
            learner.read(count)
            done += count
            progress("read", done, total)
        return learner.chunks()

    def learner(self, batches: Batches) -> _native.LibLearner:
        """The state that reading starts from: the characters of more than one byte are known."""
        learner = _native.LibLearner(
            text=batches.text, ends=batches.ends, batches=batches.batches, **self.core_options()
        )
        for character in characters_by_count(batches.text, self.max_piece_length):
            learner.add(character)
        return learner

    def core_options(self) -> dict[str, Any]:
        """What the core and the readable twin are given beside the text."""
        return {
            "seed": self.seed % 2**64,
            "memory_in": min(2**64 - 1, int(self.memory_in * 2**64)),
            "memory_out": float(self.memory_out),
            "update_rate": float(self.update_rate),
            "life": self.life,
            "longest": self.max_piece_length,
            "capacity": self.capacity,
        }

    def passes_of(self, size: int) -> int:
        """How often a corpus of ``size`` bytes is read."""
        if self.passes is not None:
            return self.passes
        return max(10, min(100, 20_000_000 // size))

    def tokenizer(self, chunks: list[bytes]) -> Tokenizer:
        """The tokenizer of these chunks."""
        specials = [content.encode() for content in self.special_tokens]
        vocabulary = Vocabulary(
            [*specials, *(bytes([byte]) for byte in BYTE_ORDER), *chunks],
            dict.fromkeys(range(len(specials)), "special"),
        )
        return Tokenizer(
            vocabulary=vocabulary,
            segmenter=LongestSegmenter(vocabulary),
            pretokenizer=pretokenizer_named(self.pretokenizer),
            added_tokens=added_tokens(self.special_tokens),
            name="lib",
            metadata={"learner": "lib", "options": repr(self)},
        )
