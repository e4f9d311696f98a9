"""Equal-Info Windows: tokens that stand for equally improbable stretches of text.

Source: Lester, Lee, Alemi, Pennington, Roberts, Sohl-Dickstein, Constant 2024, "Training LLMs over
neurally compressed text", arXiv:2404.03626.

1. Count a small model of the next byte (`tokenry.learning.windows.byte_model`).
2. Code text arithmetically under it, in windows of one length (`tokenry.learning.windows.coder`): a
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
and 65,536 windows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from tokenry.errors import LearnError
from tokenry.learning.contract import Learner
from tokenry.learning.session import Session
from tokenry.learning.windows.byte_model import MOST_ORDER, ByteCounts
from tokenry.learning.windows.coder import all_windows
from tokenry.options import Bounds, Positive
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.segmenters.longest_match import LongestSegmenter

WINDOWS = 1 << 16
MOST_WINDOWS = 1 << 20


@dataclass(frozen=True, kw_only=True)
class EqualInfo(Learner[ByteCounts]):
    """A learner of Equal-Info Windows.

    Attributes:
        vocab_size: ids in all: specials and one id a window; None for windows of 16 bits. With n
            windows a window holds log2(n) bits; n is 256 (single bytes) or more.
        order: bytes that the model sees before the next, in the same window.
    """

    kind: ClassVar[str] = "equalinfo"
    resumes: ClassVar[bool] = False
    checkpointed: ClassVar[str] = "nothing: learning is to count the corpus once"
    vocab_size: Positive | None = None  # type: ignore[assignment]
    order: Annotated[int, Bounds(0, MOST_ORDER)] = 3

    def validate(self) -> None:
        """Refuse windows that cannot hold a byte, and too many."""
        super().validate()
        if not 256 <= self.windows <= MOST_WINDOWS:
            raise LearnError(
                f"vocab_size {self.vocab_size} with {len(self.special_tokens)} special tokens "
                f"leaves {self.windows} windows; expected 256, one a byte, to {MOST_WINDOWS}"
            )

    @property
    def windows(self) -> int:
        """Numbers that a window may be."""
        if self.vocab_size is None:
            return WINDOWS
        return self.vocab_size - len(self.special_tokens)

    def fit(self, session: Session) -> ByteCounts:
        """The model of the next byte."""
        return ByteCounts.of(session.read(), self.order)

    def pipeline(self, learnt: ByteCounts) -> Pipeline:
        """A tokenizer of all windows that the model codes."""
        vocabulary = self.vocabulary(all_windows(learnt, self.windows))
        segmenter = LongestSegmenter(vocabulary)
        return self.assembled(vocabulary, segmenter, NativePretokenizer("whole"))

    def size(self, learnt: ByteCounts) -> int:
        """Ids of the tokenizer."""
        return len(self.special_tokens) + self.windows
