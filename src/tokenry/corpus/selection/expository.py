"""Prose that explains, as textbooks do.

Source: Tan, Wang 2024, "1.5-Pints Technical Report: Pretraining in Days, Not Months -- Your
Language Model Thrives on Quality Data", arXiv:2408.03506, whose corpus is chosen for being
expository and like a textbook, by automated workflows and by hand.

Theirs judge by sources and by hand. Here it is a rate: how often a text connects ("because", "for
example", "is defined as") and how seldom it narrates, chats or sells (first and second person,
speech in quotes, exclamation). The words are English; for another language give other lists.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

import numpy as np

from tokenry.corpus.selection.contract import Scores, SelectionTask

EXPLAINING: Final = (
    *("because", "therefore", "thus", "hence", "however", "for example", "for instance"),
    *("such as", "in other words", "that is", "is called", "are called", "is defined as"),
    *("refers to", "consists of", "depends on", "in contrast", "as a result", "in general"),
    *("note that", "suppose", "consider", "figure", "table", "chapter", "section", "definition"),
    *("theorem", "example", "first", "second", "finally", "means that", "known as", "due to"),
    "according to",
)
TELLING: Final = (
    *("i", "me", "my", "you", "your", "yours", "he", "she", "him", "her", "we", "us", "our"),
    *("said", "says", "told", "asked", "click", "buy", "free", "lol", "subscribe", "share this"),
    *("sign up", "log in"),
)


@dataclass(frozen=True)
class ExpositoryScorer:
    """Explaining phrases minus telling ones, a hundred words, with exclamation and quotes.

    Attributes:
        explaining: phrases of lower case that count for a text.
        telling: that count against it.
    """

    explaining: tuple[str, ...] = EXPLAINING
    telling: tuple[str, ...] = TELLING

    @classmethod
    def of(cls, task: SelectionTask) -> Self:
        """With the lists of this module."""
        return cls()

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        good, bad = (
            re.compile(rf"\b(?:{'|'.join(map(re.escape, each))})\b")
            for each in (self.explaining, self.telling)
        )
        return good, bad

    def score(self, texts: Sequence[bytes]) -> Scores:
        """Rates, shape (n,)."""
        return np.array([self._rate(text.decode("utf-8", "replace").lower()) for text in texts])

    def _rate(self, text: str) -> float:
        good, bad = (len(pattern.findall(text)) for pattern in self._patterns)
        marks = text.count("!") + text.count('"') / 2 + text.count("\u201c")
        return 100 * (good - bad - marks) / max(len(text.split()), 20)
