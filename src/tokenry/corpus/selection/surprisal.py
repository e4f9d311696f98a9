"""Documents that a model of wanted text finds likely, by itself or against a model of all text.

Sources: CCNet, Wenzek et al. 2020, arXiv:1911.00359 (perplexity under a model of wanted text);
Moore, Lewis 2010, "Intelligent Selection of Language Model Training Data" (the difference of two
models). Both as in the survey of Albalak et al. 2024, arXiv:2402.16827.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from tokenry.corpus.selection.bigrams import BigramModel
from tokenry.corpus.selection.contract import Scores, SelectionTask


@dataclass(frozen=True, eq=False)
class LikelihoodScorer:
    """Minus the nats a byte under a model of what is wanted."""

    wanted: BigramModel

    @classmethod
    def of(cls, task: SelectionTask) -> Self:
        """A model of the target."""
        (target,) = task.needed("target")
        return cls(BigramModel.fit(task.tokenizer, target))

    def score(self, texts: Sequence[bytes]) -> Scores:
        """More where the model expects the text, shape (n,)."""
        return -self.wanted.per_byte(texts)


@dataclass(frozen=True, eq=False)
class CrossEntropyScorer:
    """By how many nats a byte a text is likelier under what is wanted than under what there is."""

    wanted: BigramModel
    given: BigramModel

    @classmethod
    def of(cls, task: SelectionTask) -> Self:
        """A model of the target and one of the raw documents."""
        target, raw = task.needed("target", "raw")
        return cls(*(BigramModel.fit(task.tokenizer, texts) for texts in (target, raw)))

    def score(self, texts: Sequence[bytes]) -> Scores:
        """Differences, shape (n,)."""
        return self.given.per_byte(texts) - self.wanted.per_byte(texts)
