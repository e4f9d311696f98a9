"""Documents as short vectors without a network: hashed n-grams of tokens, weighed and projected.

Uni- and bigrams of tokens, each by 1 + log of its count and by how few documents have it (tf-idf,
Salton, Buckley 1988), hashed with a sign into a few hundred dimensions (Weinberger et al. 2009,
arXiv:0902.2206), of length one. Where papers embed with a large model, this stands in for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tokenry.corpus.selection.dsir import hashed_grams
from tokenry.text.ragged import Ragged
from tokenry.tokenizer import Tokenizer

_BUCKETS: Final = 1 << 16
_BATCH: Final = 512  # documents whose n-grams are held together
_LEAST: Final = 0.05  # weight of an n-gram that all documents have


@dataclass(frozen=True, eq=False)
class DocumentVectors:
    """What makes vectors of texts.

    Attributes:
        tokenizer: whose tokens.
        rarity: of n-grams, shape (buckets,).
        width: of a vector.
    """

    tokenizer: Tokenizer
    rarity: NDArray[np.float64]
    width: int = 1024

    @classmethod
    def fit(
        cls, tokenizer: Tokenizer, texts: Sequence[bytes], width: int = 1024
    ) -> DocumentVectors:
        """Count in how many documents n-grams stand."""
        counts = np.zeros(_BUCKETS)
        for first in range(0, len(texts), _BATCH):
            batch = _encoded(tokenizer, texts[first : first + _BATCH])
            _, buckets, _ = _grams(batch)
            counts += np.bincount(buckets, minlength=_BUCKETS)
        return cls(tokenizer, np.log((1 + len(texts)) / (1 + counts)) + _LEAST, width)

    def of(self, texts: Sequence[bytes]) -> NDArray[np.float32]:
        """Vectors of length one, shape (n, width); zeros for an empty text."""
        parts = [
            self._some(_encoded(self.tokenizer, texts[first : first + _BATCH]))
            for first in range(0, len(texts), _BATCH)
        ]
        return np.concatenate([np.zeros((0, self.width), np.float32), *parts])

    def _some(self, batch: Ragged) -> NDArray[Any]:
        documents, buckets, counts = _grams(batch)
        values = (1 + np.log(counts)) * self.rarity[buckets]
        signs = np.where(buckets // self.width % 2, 1.0, -1.0)
        places = documents * self.width + buckets % self.width
        flat = np.bincount(places, values * signs, minlength=len(batch) * self.width)
        rows = flat.reshape(len(batch), self.width)
        sizes = np.linalg.norm(rows, axis=1, keepdims=True)
        return (rows / np.where(sizes > 0, sizes, 1.0)).astype(np.float32)


def _encoded(tokenizer: Tokenizer, texts: Sequence[bytes]) -> Ragged:
    """Ids of texts in small letters and behind a space, so that a word is one thing everywhere."""
    return tokenizer.encode_batch([b" " + text.lower() if text else text for text in texts])


def _grams(
    batch: Ragged,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Document, bucket and count of each distinct n-gram of each document."""
    single, pairs, inside = hashed_grams(batch, _BUCKETS)
    owners = np.repeat(np.arange(len(batch)), batch.lengths())
    documents = np.concatenate([owners, owners[:-1][inside]])
    buckets = np.concatenate([single, pairs[inside]])
    keys, counts = np.unique(documents * _BUCKETS + buckets, return_counts=True)
    return keys // _BUCKETS, keys % _BUCKETS, counts.astype(np.int64)
