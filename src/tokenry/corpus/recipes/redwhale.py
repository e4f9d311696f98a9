"""A corpus of one language cleaned up for training on.

Source: Vo et al. 2024, "RedWhale: An Adapted Korean LLM Through Efficient Continual Pretraining",
arXiv:2408.11294: a preprocessing pipeline for Korean before a model is trained on it.

1. Documents of which too few letters are of the language's script are left out.
2. So are those that break rules of good text, near copies of earlier ones, and
3. those that a language model of good text finds least likely.

Their pipeline also rewrites texts; nothing is rewritten here. Thresholds are ours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tokenry.corpus.recipes.contract import RecipeStep
from tokenry.corpus.selection.contract import Scores, SelectionTask
from tokenry.corpus.selection.distinct import DistinctScorer
from tokenry.corpus.selection.rules import RuleScorer
from tokenry.corpus.selection.surprisal import LikelihoodScorer

HANGUL = "\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f"
# Those that do not count English words, or words at all.
RULES = ("symbols", "bullets", "ellipses", "new lines", "new pairs", "no filler")


@dataclass(frozen=True)
class ScriptScorer:
    """The share of a text's letters in a range of characters, as in a regular expression's set."""

    letters: str = HANGUL

    @classmethod
    def of(cls, task: SelectionTask) -> Self:
        """Of Hangul."""
        return cls()

    def score(self, texts: Sequence[bytes]) -> Scores:
        """Shares, shape (n,); 0 for a text without letters."""
        own = re.compile(f"[{self.letters}]")
        decoded = [text.decode("utf-8", "replace") for text in texts]
        return np.array([
            len(own.findall(text)) / max(sum(map(str.isalpha, text)), 1) for text in decoded
        ])  # fmt: skip


def recipe(letters: str = HANGUL) -> list[RecipeStep]:
    """The steps, for the script of a language."""
    return [
        RecipeStep("script", ScriptScorer(letters), 0.5),
        RecipeStep("rules", RuleScorer(RULES), 5 / len(RULES)),
        RecipeStep("copies", DistinctScorer, 0.2),
        RecipeStep("likelihood", LikelihoodScorer, keep=0.9),
    ]
