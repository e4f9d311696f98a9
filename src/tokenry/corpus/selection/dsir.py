"""Documents like those of a target: importance of hashed n-grams of tokens.

Source: Xie et al. 2023, "Data Selection for Language Models via Importance Resampling",
arXiv:2302.03169.

1. Uni- and bigrams are hashed into 10,000 buckets; the target and the raw corpus each become one
   distribution over buckets.
2. A document's score is the sum of log(target / raw) over its n-grams: the log of its importance.
3. Resampling without replacement: Gumbel noise on the scores, then the best (`gumbel`).

The authors count words of lower case; here it is a tokenizer's tokens, so any language will do and
a document is read once. Scores grow with length, as theirs do; short documents are theirs to drop.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tokenry.corpus.batches import batches
from tokenry.corpus.selection.contract import Scores, SelectionTask, neighbours, per_document
from tokenry.seeds import generator
from tokenry.text.ragged import Ragged
from tokenry.tokenizer import Tokenizer

BUCKETS: Final = 10_000
_BATCH: Final = 4 << 20
_SMOOTH: Final = 1e-8  # as theirs: a bucket that one side never had


@dataclass(frozen=True, eq=False)
class ImportanceScorer:
    """How much likelier a document is under the target than under the raw corpus.

    Attributes:
        tokenizer: whose tokens.
        ratios: float64, shape (buckets,): log(target / raw).
    """

    tokenizer: Tokenizer
    ratios: Scores

    @classmethod
    def of(cls, task: SelectionTask) -> ImportanceScorer:
        """Of the task's target and raw documents."""
        target, raw = task.needed("target", "raw")
        return cls.fit(task.tokenizer, target, raw)

    @classmethod
    def fit(
        cls,
        tokenizer: Tokenizer,
        target: Iterable[bytes],
        raw: Iterable[bytes],
        *,
        buckets: int = BUCKETS,
    ) -> ImportanceScorer:
        """From texts of both sides."""
        shares = (_distribution(tokenizer, texts, buckets) for texts in (target, raw))
        wanted, given = (np.log(share + _SMOOTH) for share in shares)
        return cls(tokenizer, wanted - given)

    def score(self, texts: Sequence[bytes]) -> Scores:
        """Log importance weights, shape (n,)."""
        batch = self.tokenizer.encode_batch(texts)
        single, pairs, inside = hashed_grams(batch, len(self.ratios))
        values = self.ratios[single]
        values[:-1] += np.where(inside, self.ratios[pairs], 0.0)
        return per_document(values, batch.offsets)


def gumbel(scores: Scores, seed: int = 0) -> Scores:
    """Scores with noise; the best k of them are k drawn by importance, none twice."""
    return scores + generator(seed, "dsir").gumbel(size=len(scores))


def _distribution(tokenizer: Tokenizer, texts: Iterable[bytes], buckets: int) -> Scores:
    counts = np.zeros(buckets)
    for part in batches(texts, _BATCH):
        single, pairs, inside = hashed_grams(tokenizer.encode_batch(part), buckets)
        counts += np.bincount(single, minlength=buckets)
        counts += np.bincount(pairs[inside], minlength=buckets)
    found: Scores = counts / max(counts.sum(), 1.0)
    return found


def hashed_grams(
    batch: Ragged, buckets: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Buckets of ids, of neighbours, and which neighbours are of one document."""
    ids = batch.ids.astype(np.uint64)
    single = _bucket(ids, buckets)
    pairs = _bucket((ids[:-1] + np.uint64(1)) << np.uint64(32) | ids[1:], buckets)
    return single, pairs, neighbours(batch)


def _bucket(numbers: NDArray[Any], buckets: int) -> NDArray[np.int64]:
    """A hash that is the same everywhere (the last steps of SplitMix64)."""
    with np.errstate(over="ignore"):
        mixed = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    found: NDArray[np.int64] = ((mixed ^ (mixed >> np.uint64(31))) % np.uint64(buckets)).astype(
        np.int64
    )
    return found
