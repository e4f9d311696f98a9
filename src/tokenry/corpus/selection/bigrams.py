"""A language model of pairs of tokens, learnt by counting: the cheapest judge of a text.

Absolute discounting, interpolated (Ney, Essen, Kneser 1994): p(b | a) = max(c(a b) - d, 0) / c(a) +
d * distinct(a) / c(a) * p(b), and p(b) with one added to each count. CCNet's judge (Wenzek et al.
2020, arXiv:1911.00359) is a model of five tokens; this one is a table of pairs in numpy.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.corpus.batches import batches
from tokenry.corpus.selection.contract import Scores, neighbours, per_document
from tokenry.text.ragged import Ragged
from tokenry.tokenizer import Tokenizer

_BATCH: Final = 4 << 20
_DISCOUNT: Final = 0.75


@dataclass(frozen=True, eq=False)
class BigramModel:
    """Counts of tokens and of pairs.

    Attributes:
        tokenizer: whose tokens.
        single: log p of each id, shape (vocabulary,).
        pairs: sorted, first id << 32 | second id, shape (k,).
        counts: of pairs, shape (k,).
        firsts: how often each id is the first of a pair, shape (vocabulary,).
        distinct: before how many ids each id stands, shape (vocabulary,).
    """

    tokenizer: Tokenizer
    single: Scores
    pairs: NDArray[np.uint64]
    counts: Scores
    firsts: Scores
    distinct: Scores

    @classmethod
    def fit(cls, tokenizer: Tokenizer, texts: Iterable[bytes]) -> BigramModel:
        """Count the tokens and the pairs of some texts."""
        size = len(tokenizer)
        single = np.ones(size)
        found, counted = np.zeros(0, np.uint64), np.zeros(0)
        for part in batches(texts, _BATCH):
            batch = tokenizer.encode_batch(part)
            single += np.bincount(batch.ids, minlength=size)
            keys, inside = _pairs(batch)
            found, counted = _together(found, counted, keys[inside])
        firsts = (found >> np.uint64(32)).astype(np.int64)
        return cls(
            tokenizer,
            np.log(single / single.sum()),
            found,
            counted,
            np.bincount(firsts, weights=counted, minlength=size).astype(np.float64),
            np.bincount(firsts, minlength=size).astype(np.float64),
        )

    def nats(self, texts: Sequence[bytes]) -> Scores:
        """Nats of each document, shape (n,); the first token by its count alone."""
        return self.nats_of(self.tokenizer.encode_batch(texts))

    def nats_of(self, batch: Ragged) -> Scores:
        """The same of ids."""
        if not len(batch.ids):
            return np.zeros(len(batch))
        ids = batch.ids.astype(np.int64)
        costs = -self.single[ids]
        keys, inside = _pairs(batch)
        first, second = ids[:-1][inside], ids[1:][inside]
        costs[1:][inside] = -np.log(self._conditional(keys[inside], first, second))
        return per_document(costs, batch.offsets)

    def per_byte(self, texts: Sequence[bytes]) -> Scores:
        """Nats a byte, shape (n,)."""
        return self.nats(texts) / np.maximum([len(text) for text in texts], 1)

    def _conditional(
        self, keys: NDArray[np.uint64], first: NDArray[np.int64], second: NDArray[np.int64]
    ) -> Scores:
        seen = np.maximum(self.firsts[first], 1.0)
        rest = np.where(self.firsts[first] > 0, _DISCOUNT * self.distinct[first] / seen, 1.0)
        found: Scores = rest * np.exp(self.single[second])
        if len(self.pairs):
            at = np.minimum(np.searchsorted(self.pairs, keys), len(self.pairs) - 1)
            counts = np.where(self.pairs[at] == keys, self.counts[at], 0.0)
            found = found + np.maximum(counts - _DISCOUNT, 0.0) / seen
        return found


def _pairs(batch: Ragged) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """Neighbours as one number, and which of them are of one document."""
    ids = batch.ids.astype(np.uint64)
    return ids[:-1] << np.uint64(32) | ids[1:], neighbours(batch)


def _together(
    known: NDArray[np.uint64], counts: Scores, more: NDArray[np.uint64]
) -> tuple[NDArray[np.uint64], Scores]:
    keys, added = np.unique(more, return_counts=True)
    every, places = np.unique(np.concatenate([known, keys]), return_inverse=True)
    sums = np.bincount(places, weights=np.concatenate([counts, added]), minlength=len(every))
    return every, sums.astype(np.float64)
