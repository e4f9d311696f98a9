"""Options of learners whose pieces span words."""

from __future__ import annotations

from dataclasses import dataclass

from tokenry.learning.counting import pretokenizer_named
from tokenry.learning.merging import MergingOptions
from tokenry.learning.superwords.rule import SuperwordRule
from tokenry.options import Positive
from tokenry.text.parts import Pretokenizer


@dataclass(frozen=True, kw_only=True)
class SuperwordOptions(MergingOptions):
    """Which superwords may be made.

    Attributes:
        pretokenizer: cuts words.
        superword_pretokenizer: of the tokenizer; no superword crosses its cuts.
        max_words: the most words of a superword.
        punctuation: characters that may stand in a superword, not at its end. Without a full stop,
            as by default, superwords do not cross the ends of sentences; with one SuperBPE saves
            about 1% more tokens.
    """

    pretokenizer: str = "superbpe-1"
    superword_pretokenizer: str = "superbpe"
    max_words: Positive = 4
    punctuation: str = ",;:'’-"

    def validate(self) -> None:
        """Refuse what is no pretokenizer, and white space in superwords."""
        super().validate()
        self.rule()
        self.outer()

    def rule(self) -> SuperwordRule:
        """Which pieces may be made."""
        return SuperwordRule(self.splitter(), self.max_words, self.punctuation)

    def outer(self) -> Pretokenizer:
        """What cuts text for the tokenizer."""
        return pretokenizer_named(self.superword_pretokenizer, self.numbers)
