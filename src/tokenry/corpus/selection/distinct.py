"""Documents unlike those before them: near duplicates by MinHash.

Sources: Broder 1997, "On the resemblance and containment of documents"; Lee et al. 2022,
"Deduplicating Training Data Makes Language Models Better", arXiv:2107.06499.

1. A document is the set of its runs of five tokens; its signature the least of 64 hashes of them.
2. Signatures are cut into 16 bands of four; documents that share a band are compared.
3. The share of equal places of two signatures estimates the share of runs that both have.

Exact copies share all. A document is as distinct as one minus its likeness to the most alike of
those before it, so a scorer that has seen documents judges the next ones beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from tokenry.corpus.selection.contract import Scores, SelectionTask
from tokenry.seeds import generator
from tokenry.tokenizer import Tokenizer

_HASHES, _BANDS, _RUN = 64, 16, 5
Signature = NDArray[np.uint64]
_NONE: Final = np.uint64(2**64 - 1)


@dataclass(frozen=True, eq=False)
class DistinctScorer:
    """One minus the likeness to the most alike document before.

    Attributes:
        tokenizer: whose tokens.
        seed: of the hashes.
        seen: signatures of documents before, by band; `score` adds to it.
    """

    tokenizer: Tokenizer
    seed: int = 0
    seen: dict[tuple[int, bytes], list[Signature]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, task: SelectionTask) -> Self:
        """One that has seen nothing."""
        return cls(task.tokenizer, task.seed)

    def score(self, texts: Sequence[bytes]) -> Scores:
        """Of documents in their order, shape (n,); 0 for a copy of an earlier one."""
        batch = self.tokenizer.encode_batch(texts)
        return np.array([1 - self._likeness(signature(ids, self.seed)) for ids in batch])

    def _likeness(self, new: Signature) -> float:
        most = 0.0
        for band, key in enumerate(new.reshape(_BANDS, -1)):
            bucket = self.seen.setdefault((band, key.tobytes()), [])
            most = max((most, *(float((new == other).mean()) for other in bucket[-8:])))
            bucket.append(new)
        return most


def signature(ids: NDArray[np.uint32], seed: int = 0) -> Signature:
    """The least of each hash over the runs of a document, shape (64,)."""
    if not len(ids):
        return np.full(_HASHES, _NONE)
    size = min(_RUN, len(ids))
    runs = np.lib.stride_tricks.sliding_window_view(ids.astype(np.uint64), size)
    factors, shifts = _constants(seed)
    with np.errstate(over="ignore"):
        weights = np.uint64(0x9E3779B97F4A7C15) ** np.arange(1, size + 1, dtype=np.uint64)
        keys = np.unique((runs * weights).sum(axis=1, dtype=np.uint64))
        keys ^= keys >> np.uint64(29)
        least = np.full(_HASHES, _NONE)
        for first in range(0, len(keys), 4096):
            part = keys[first : first + 4096, None] * factors + shifts
            part ^= part >> np.uint64(32)
            least = np.minimum(least, part.min(axis=0))
    return least


def _constants(seed: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    draw = generator(seed, "minhash")
    factors = draw.integers(0, 2**63, _HASHES, np.uint64) * np.uint64(2) + np.uint64(1)
    return factors, draw.integers(0, 2**63, _HASHES, np.uint64)
