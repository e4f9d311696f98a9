"""Documents at random: what every method of selection is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tokenry.corpus.holdout import digest
from tokenry.corpus.selection.contract import Scores, SelectionTask
from tokenry.seeds import derived


@dataclass(frozen=True)
class ChanceScorer:
    """A number in [0, 1) by a hash of a document's bytes and a seed, the same on every machine."""

    seed: int = 0

    @classmethod
    def of(cls, task: SelectionTask) -> Self:
        """Of the task's seed."""
        return cls(task.seed)

    def score(self, texts: Sequence[bytes]) -> Scores:
        """Uniform numbers, shape (n,)."""
        key = derived(self.seed, "chance")
        return np.array([digest(text, key) / 2**64 for text in texts], np.float64)
