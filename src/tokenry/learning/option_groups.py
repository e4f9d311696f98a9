"""Options that many learners share, in groups that a recipe is composed of.

Annotations say what values may be, and are checked in one place (`tokenry.options`); what concerns
several options together, a class says in `validate`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tokenry.errors import LearnError
from tokenry.learning.counting import count_words, pretokenizer_named
from tokenry.options import IDLE, Positive, check

if TYPE_CHECKING:
    from tokenry import _native
    from tokenry.learning.session import Session
    from tokenry.text.parts import Pretokenizer


@dataclass(frozen=True, kw_only=True)
class VocabularyOptions:
    """What all learners have.

    Attributes:
        vocab_size: ids in all, specials included.
        special_tokens: get the ids from 0 on; no text produces them.
    """

    vocab_size: Positive = 32_000
    special_tokens: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check(self, LearnError)
        self.validate()

    def validate(self) -> None:
        """Refuse options that do not go together.

        Raises:
            LearnError: it says which, and what would do.
        """
        if len(set(self.special_tokens)) != len(self.special_tokens):
            raise LearnError(f"special_tokens {self.special_tokens} names one twice")
        if "" in self.special_tokens:
            raise LearnError("a special token is empty; give it a text such as '<|endoftext|>'")

    def check_room(self, ids: int, *what: str) -> None:
        """Refuse a vocabulary without room for specials and so many ids of ``what``."""
        needed = len(self.special_tokens) + ids
        if self.vocab_size < needed:
            parts = ", ".join([f"{len(self.special_tokens)} special tokens", *what[:-1]])
            raise LearnError(
                f"vocab_size {self.vocab_size} has no room: {parts} and {what[-1]} take {needed} "
                "ids; ask for more"
            )


@dataclass(frozen=True, kw_only=True)
class SplittingOptions(VocabularyOptions):
    """How text is cut, which no piece crosses.

    Attributes:
        pretokenizer: a splitter's name (``o200k``, ``gpt2``, ...; see
            `tokenry.text.pretokenizers.split_patterns.PATTERNS`) or a regular expression.
    """

    pretokenizer: str = "o200k"

    def validate(self) -> None:
        """Refuse what is no pretokenizer."""
        super().validate()
        self.splitter()

    def splitter(self) -> Pretokenizer:
        """What cuts documents."""
        return pretokenizer_named(self.pretokenizer)


@dataclass(frozen=True, kw_only=True)
class CountingOptions(SplittingOptions):
    """How the distinct pretokens are counted.

    Attributes:
        threads: to count with; None for the variable TOKENRY_THREADS or all processors. The result
            does not depend on it.
    """

    threads: Positive | None = field(default=None, metadata=IDLE)

    def count(self, session: Session) -> _native.WordCounter:
        """Distinct pretokens of the corpus, and how often each occurs.

        Raises:
            CorpusError: the corpus is empty or cannot be read.
        """
        return count_words(session.documents(), self.splitter(), session.progress, self.threads)
