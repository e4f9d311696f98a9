"""Learning by merges: the options, the frame of BPE and its variants, and the steps of the core."""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar, Final

from tokenry import _native
from tokenry.errors import LearnError, TokenryError
from tokenry.learning.alphabet import BYTE_ORDER, ordered
from tokenry.learning.checkpoint import ProgressStep
from tokenry.learning.contract import WordLearner
from tokenry.learning.counting import pretokenizer_named
from tokenry.learning.merge_list import MergeList
from tokenry.learning.option_groups import CountingOptions
from tokenry.learning.session import Session
from tokenry.options import Natural, Positive
from tokenry.text.parts import Pretokenizer
from tokenry.text.pipeline import Pipeline
from tokenry.text.segmenters.bpe import BytePairSegmenter

Rule = Callable[[bytes], bool]
NO_LIMIT: Final = 2**62
_STEP: Final = 256  # merges; the first, the longest, take about 10 ms each on 100 MB


@contextmanager
def native_errors() -> Iterator[None]:
    """Raise what the core refuses (more than 2^32 symbols) as `LearnError`."""
    try:
        yield
    except TokenryError:
        raise
    except ValueError as error:
        raise LearnError(str(error)) from error


@dataclass(frozen=True, kw_only=True)
class MergingOptions(CountingOptions):
    """How pieces are merged.

    Attributes:
        numbers: a number policy, such as ``r2l3``, in place of the splitter's own way to cut
            digits; see `tokenry.text.pretokenizers.number_policies`.
        min_frequency: a pair that occurs less often is not merged.
        max_piece_length: bytes of the longest piece; None for no limit. ``tokenizers`` calls the
            same limit ``max_token_length = max_piece_length + 1``.
        initial_alphabet: bytes that have an id whether the data hold them or not; bytes of the
            data always have one. Only with all 256, the default, can every text be encoded.
        merges: pairs of pieces to begin with, in order, before any is learnt.
    """

    numbers: str | None = None
    min_frequency: Natural = 0
    max_piece_length: Positive | None = None
    initial_alphabet: bytes = BYTE_ORDER
    merges: tuple[tuple[bytes, bytes], ...] = ()

    def splitter(self) -> Pretokenizer:
        """What cuts documents."""
        return pretokenizer_named(self.pretokenizer, self.numbers)

    def start(self, counter: _native.WordCounter) -> MergeList:
        """Specials, alphabet and the merges that were given.

        Raises:
            LearnError: they have no room, or are no merges.
        """
        alphabet = ordered(self.initial_alphabet)
        if len(alphabet) < 256:
            alphabet = ordered(alphabet + counter.words()[0])
        self.check_room(
            len(alphabet) + len(self.merges),
            f"{len(alphabet)} bytes of the alphabet",
            f"{len(self.merges)} given merges",
        )
        learnt = MergeList(self.special_tokens, alphabet)
        learnt.add_given(self.merges)
        return learnt

    def index(
        self,
        counter: _native.WordCounter,
        learnt: MergeList,
        size: int | None = None,
        rule: Rule | None = None,
    ) -> _native.PairIndex:
        """The state that merging goes on from; takes the words out of ``counter``.

        Args:
            counter: the words.
            learnt: is applied to them.
            size: about how many ids there will be; None for ``vocab_size``.
            rule: says which pieces may be made; None for all.
        """
        with native_errors():
            return _native.PairIndex.of_words(
                counter,
                *learnt.packed(),
                learnt.byte_ids(),
                learnt.table(),
                self.min_frequency,
                self.max_piece_length or NO_LIMIT,
                max(0, (size or self.vocab_size) - len(learnt)),
                rule,
            )


def grow(index: _native.PairIndex, learnt: MergeList, size: int) -> Iterator[ProgressStep]:
    """Merge until there are ``size`` ids or no pair is left."""
    while len(learnt) < size:
        wanted = min(_STEP, size - len(learnt))
        pairs, counts = index.run(wanted)
        for (left, right), count in zip(pairs.tolist(), counts.tolist(), strict=True):
            learnt.add(left, right, count)
        yield "merge", len(learnt), size
        if len(counts) < wanted:
            return


@dataclass(frozen=True, kw_only=True)
class MergeLearner(MergingOptions, WordLearner[MergeList], ABC):
    """A learner of merges; a variant says what is counted, what may be made, or its own steps."""

    checkpointed: ClassVar[str] = "merges"
    shortage: ClassVar[str] = (
        "no other pair occurs often enough; give more data or lower min_frequency"
    )

    def fit_words(self, session: Session, counter: _native.WordCounter) -> MergeList:
        """Pieces, merges and the count of each merge."""
        learnt = self.start(counter)
        checkpoint = session.checkpoint(learnt, self.decisive(), counter.fingerprint())
        checkpoint.drive(self.steps(session, counter, learnt), session.progress)
        return learnt

    def steps(
        self, session: Session, counter: _native.WordCounter, learnt: MergeList
    ) -> Iterator[ProgressStep]:
        """Merge until the vocabulary is full."""
        yield from grow(self.index(counter, learnt, rule=self.rule()), learnt, self.vocab_size)

    def rule(self) -> Rule | None:
        """Which pieces may be made; None for all."""
        return None

    def outer(self) -> Pretokenizer:
        """What the tokenizer cuts text with."""
        return self.splitter()

    def pipeline(self, learnt: MergeList) -> Pipeline:
        """A tokenizer that merges in the order of learning."""
        vocabulary = self.vocabulary(learnt.pieces[len(learnt.specials) :])
        segmenter = BytePairSegmenter.from_merges(vocabulary, learnt.table())
        return self.assembled(vocabulary, segmenter, self.outer())

    def size(self, learnt: MergeList) -> int:
        """Ids of the tokenizer."""
        return len(learnt)
