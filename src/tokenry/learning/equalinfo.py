"""Equal-Info Windows: tokens that stand for equally improbable stretches of text.

Source: Lester, Lee, Alemi, Pennington, Roberts, Sohl-Dickstein, Constant 2024, "Training LLMs over
neurally compressed text", arXiv:2404.03626.

1. Count a small model of the next byte (`tokenry.learning.byte_model`).
2. Code text arithmetically under it, in windows of one length (`tokenry.learning.window_coder`): a
   window takes bytes until one more would not fit. Model and coder start anew in each.
3. A window is a token: 65,536 of them for windows of 16 bits.

As both start anew, a number always stands for the same bytes, and what fits is closed under taking
bytes off the end. Encoding is therefore exactly greedy longest match over the strings of all
numbers, and that is how it is done; tests hold it to the coder itself. Every string that fits has a
number, so the end of a text needs no padding.

Differences from the paper: there the model is a transformer of 3 million parameters, here counts of
order 3, in integers, so that codes are the same on every machine; a window need not be a whole
number of bits, so any size of vocabulary from 256 on is met exactly. One token is a window; the
paper's other form, two tokens of 8 bits a window, is not here. It costs about 2 seconds for 7 MB
and 65,536 windows. Learning that was interrupted starts anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from tokenry.corpus import CorpusLike, as_corpus
from tokenry.errors import CorpusError, LearnError
from tokenry.learning.byte_model import MOST_ORDER, ByteModel
from tokenry.learning.specials import added_tokens, check_special_tokens
from tokenry.learning.window_coder import all_windows
from tokenry.progress import Progress, silent
from tokenry.text.pretokenizers.split_patterns import NativePretokenizer
from tokenry.text.segmenters.longest_match import LongestSegmenter
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary

WINDOWS = 1 << 16
MOST_WINDOWS = 1 << 20


@dataclass(frozen=True, kw_only=True)
class EqualInfo:
    """A learner of Equal-Info Windows.

    Attributes:
        vocab_size: ids in all: specials and one id a window; None for windows of 16 bits. With n
            windows a window holds log2(n) bits; n is 256 (single bytes) or more.
        order: bytes that the model sees before the next, in the same window.
        special_tokens: get the ids from 0 on; no text produces them.
    """

    vocab_size: int | None = None
    order: int = 3
    special_tokens: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 256 <= self.windows <= MOST_WINDOWS:
            raise LearnError(
                f"vocab_size {self.vocab_size} with {len(self.special_tokens)} special tokens "
                f"leaves {self.windows} windows; expected 256, one a byte, to {MOST_WINDOWS}"
            )
        if not 0 <= self.order <= MOST_ORDER:
            raise LearnError(f"order is {self.order}; expected 0 to {MOST_ORDER} bytes")
        check_special_tokens(self.special_tokens)

    @property
    def windows(self) -> int:
        """Numbers that a window may be."""
        if self.vocab_size is None:
            return WINDOWS
        return self.vocab_size - len(self.special_tokens)

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
        """
        model = self.learn_model(corpus, progress=progress or silent)
        return self.tokenizer(all_windows(model, self.windows))

    def learn_model(self, corpus: CorpusLike, *, progress: Progress = silent) -> ByteModel:
        """The model of the next byte.

        Raises:
            CorpusError: the corpus is empty or cannot be read.
        """
        done = 0

        def documents() -> Iterator[bytes]:
            nonlocal done
            for document in as_corpus(corpus):
                done += len(document.data)
                progress("count", done, None)
                yield document.data

        model = ByteModel.of(documents(), self.order)
        if not done:
            raise CorpusError(
                "the corpus is empty: it has no document with a byte in it; give text"
            )
        return model

    def tokenizer(self, strings: list[bytes]) -> Tokenizer:
        """The tokenizer whose windows are these, by number."""
        specials = [content.encode() for content in self.special_tokens]
        vocabulary = Vocabulary(
            [*specials, *strings], dict.fromkeys(range(len(specials)), "special")
        )
        return Tokenizer(
            vocabulary=vocabulary,
            segmenter=LongestSegmenter(vocabulary),
            pretokenizer=NativePretokenizer("whole"),
            added_tokens=added_tokens(self.special_tokens),
            name="equalinfo",
            metadata={"learner": "equalinfo", "options": repr(self)},
        )
