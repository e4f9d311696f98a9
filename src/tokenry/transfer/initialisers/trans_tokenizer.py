"""Trans-Tokenizer: a new row from the old pieces that translate its piece.

Remy et al. 2024, "Trans-Tokenization and Cross-lingual Vocabulary Transfers: Language Adaptation of
LLMs for Low-Resource NLP", arXiv:2408.04303. Words of parallel sentences are aligned; the pieces of
a pair of words are paired after both lists are repeated to one length; a row is the mean of the old
rows by these counts. There fast_align and millions of sentences; here `word_alignment`, and pairs
seen ``least`` times. Pieces that no pair has are left to the next initialiser.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import lcm

import numpy as np

from tokenry.errors import ModelError
from tokenry.tokenizer import Tokenizer
from tokenry.transfer.context import TransferContext
from tokenry.transfer.contract import sparse_plan
from tokenry.transfer.row_plan import Role, RowPlan
from tokenry.transfer.word_alignment import align_words

Counts = dict[int, dict[int, float]]


@dataclass(frozen=True)
class TransTokenizer:
    """Means of translations; needs parallel sentences of the old and the new language.

    Attributes:
        least: times that two words must be partners.
    """

    least: int = 2

    def plan(self, context: TransferContext, role: Role) -> RowPlan:
        """Rows of pieces that were aligned."""
        counts = context.once(self, lambda: self._counts(context))
        ids = np.array([id_ for id_ in context.wanted.tolist() if id_ in counts], np.int64)
        rows = [counts[id_] for id_ in ids.tolist()]
        parts = np.array([old for row in rows for old in row], np.int64)
        weights = np.array(
            [count / sum(row.values()) for row in rows for count in row.values()], np.float64
        )
        return sparse_plan(
            context, role, "trans-tokenizer", ids, parts, weights, np.array([*map(len, rows)])
        )

    def _counts(self, context: TransferContext) -> Counts:
        """By new id the old ids that it was paired with, and how often."""
        if not context.parallel:
            raise ModelError(
                "Trans-Tokenizer aligns sentences that mean the same: give pairs (parallel=)"
            )
        pairs = [(one.split(), two.split()) for one, two in context.parallel]
        rows = len(context.rows("input"))
        counts: Counts = defaultdict(lambda: defaultdict(float))
        for (word, translated), count in align_words(pairs).items():
            if count >= self.least:
                _spread(_ids(context.old, word, rows), _ids(context.new, translated), count, counts)
        return counts


def _ids(tokenizer: Tokenizer, word: str, rows: int | None = None) -> list[int]:
    return [id_ for id_ in tokenizer.encode(f" {word}") if rows is None or id_ < rows]


def _spread(old: list[int], new: list[int], count: int, counts: Counts) -> None:
    """Pair pieces of two words, both lists repeated to their least common multiple."""
    if not old or not new:
        return
    length = lcm(len(old), len(new))
    for at in range(length):
        part, piece = old[at * len(old) // length], new[at * len(new) // length]
        counts[piece][part] += count / length
