"""Expectation maximisation of a Unigram model and pruning by loss (Kudo 2018, arXiv:1804.10959).

The steps are the same whether `tokenry._native.UnigramWords` or its readable twin
(`tokenry.learning.unigram_twin.UnigramWords`) computes the sums over words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry.vocabulary import pack

Numbers = NDArray[np.float64]
BYTES: Final = 256  # pieces 0 to 255 are the single bytes; they are never dropped
_LEAST: Final = 0.5  # a piece that is expected less often is dropped (as sentencepiece does)
_FLOOR: Final = 1.0  # what a byte counts at least, so that every text has a probability


class LatticeSums(Protocol):
    """Distinct words with their counts, and sums over their lattices.

    A lattice has an arc for each piece that matches at the start of a character. A character
    without a piece of its own gets an arc that stands for its bytes. ``scores`` are logarithms of
    probabilities, shape (n,), one a piece.
    """

    def characters(self) -> tuple[bytes, NDArray[np.uint64], NDArray[np.uint64]]:
        """Characters, packed, and how often each occurs; a byte that is not UTF-8 is one."""

    def seeds(
        self, left_out: bytes, offsets: NDArray[np.uint64], longest: int, most: int
    ) -> tuple[bytes, NDArray[np.uint64], NDArray[np.uint64]]:
        """Frequent substrings, packed, and how often each occurs."""

    def set_pieces(self, pieces: bytes, offsets: NDArray[np.uint64]) -> None:
        """The pieces that the other methods are about; the first 256 are the bytes."""

    def expect(self, scores: Numbers) -> tuple[Numbers, float]:
        """Expected count of each piece in running text, and the log-likelihood of the text."""

    def best(self, scores: Numbers) -> NDArray[np.uint64]:
        """Count of each piece in the best segmentation of running text."""

    def losses(self, scores: Numbers, counts: Numbers) -> Numbers:
        """Log-likelihood lost when a piece goes; 0 for bytes."""


@dataclass(frozen=True, slots=True)
class PackedPieces:
    """Many pieces in one run: piece ``i`` is ``run[offsets[i]:offsets[i + 1]]``."""

    run: bytes
    offsets: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __add__(self, other: PackedPieces) -> PackedPieces:
        return PackedPieces(
            self.run + other.run,
            np.concatenate([self.offsets, other.offsets[1:] + self.offsets[-1]]),
        )

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Bytes of each."""
        offsets = self.offsets.astype(np.int64)
        return offsets[1:] - offsets[:-1]

    def where(self, kept: NDArray[np.bool_]) -> PackedPieces:
        """Those of the mask ``kept``, in order."""
        sizes = self.sizes
        run = np.frombuffer(self.run, dtype=np.uint8)[np.repeat(kept, sizes)].tobytes()
        offsets = np.zeros(int(kept.sum()) + 1, dtype=np.uint64)
        np.cumsum(sizes[kept], out=offsets[1:])
        return PackedPieces(run, offsets)


@dataclass(slots=True)
class UnigramModel:
    """Pieces, how often each is expected, and the logarithm of its probability.

    Attributes:
        notes: what is worth saying of how they were found.
    """

    pieces: PackedPieces
    counts: Numbers
    scores: Numbers
    notes: Mapping[str, str] = field(default_factory=dict)

    def keep(self, kept: NDArray[np.bool_]) -> None:
        """Drop the pieces outside the mask."""
        self.pieces = self.pieces.where(kept)
        self.counts, self.scores = self.counts[kept], self.scores[kept]


def start(words: LatticeSums, coverage: float, longest: int, most: int) -> UnigramModel:
    """Bytes, the characters that cover so much of the text, and frequent substrings of them."""
    characters = PackedPieces(*(found := words.characters())[:2])
    counts = found[2].astype(np.float64)
    covered = _covered(characters, counts, coverage)
    left_out = characters.where(~covered & (characters.sizes > 1))
    run, offsets, frequencies = words.seeds(left_out.run, left_out.offsets, longest, most)
    pieces = PackedPieces(*pack([bytes([byte]) for byte in range(BYTES)])) + characters.where(
        covered
    )
    spelled = _byte_counts(characters.where(~covered), counts[~covered])
    model_counts = np.concatenate([spelled, counts[covered], frequencies.astype(np.float64)])
    model = UnigramModel(pieces + PackedPieces(run, offsets), model_counts, model_counts)
    model.scores = np.log(np.maximum(model_counts, _LEAST) / model_counts.sum())
    words.set_pieces(model.pieces.run, model.pieces.offsets)
    return model


def _covered(characters: PackedPieces, counts: Numbers, coverage: float) -> NDArray[np.bool_]:
    """Which characters become pieces: those of two bytes and more, until ``coverage``."""
    before = np.cumsum(counts) - counts
    covered: NDArray[np.bool_] = (characters.sizes > 1) & (before < coverage * counts.sum())
    return covered


def _byte_counts(characters: PackedPieces, counts: Numbers) -> Numbers:
    """How often each byte occurs in characters that are spelled by bytes."""
    weights = np.repeat(counts, characters.sizes)
    values = np.frombuffer(characters.run, dtype=np.uint8)
    found = np.bincount(values, weights=weights, minlength=BYTES).astype(np.float64)
    return np.maximum(found, _FLOOR)


def maximise(words: LatticeSums, model: UnigramModel, wanted: int) -> None:
    """One step of EM with a sparse prior; drops what is hardly expected, but keeps ``wanted``."""
    model.counts, _ = words.expect(model.scores)
    likely = _rounded(model.counts) >= _LEAST
    likely[:BYTES] = True
    if likely.sum() < len(likely) > wanted:
        if likely.sum() < wanted:
            likely = best_of(model.counts, wanted)
        model.keep(likely)
        words.set_pieces(model.pieces.run, model.pieces.offsets)
    model.scores = log_probabilities(model.counts)


def log_probabilities(counts: Numbers) -> Numbers:
    """Scores under a Dirichlet prior of parameter 0, which makes rare pieces rarer still."""
    least = np.maximum(counts, _LEAST)
    least[:BYTES] = np.maximum(counts[:BYTES], _FLOOR)
    scores: Numbers = digamma(least) - digamma(np.array([least.sum()]))
    return scores


def prune(words: LatticeSums, model: UnigramModel, size: int) -> None:
    """Keep the ``size`` pieces without which the likelihood of the text would fall most."""
    model.counts = words.best(model.scores).astype(np.float64)
    model.keep(best_of(words.losses(model.scores, model.counts), size))
    words.set_pieces(model.pieces.run, model.pieces.offsets)


def best_of(values: Numbers, size: int) -> NDArray[np.bool_]:
    """A mask of the bytes and the pieces of the largest values; of equal ones the first."""
    kept = np.zeros(len(values), dtype=np.bool_)
    kept[:BYTES] = True
    order = np.argsort(-_rounded(values[BYTES:]), kind="stable")[: max(0, size - BYTES)]
    kept[BYTES + order] = True
    return kept


def _rounded(values: Numbers) -> NDArray[np.float32]:
    """Without the last bits, so that what is equal but for the order of a sum is a tie."""
    return values.astype(np.float32)


def digamma(x: Numbers) -> Numbers:
    """The derivative of the logarithm of the gamma function, for positive ``x``.

    >>> float(digamma(np.array([1.0]))[0])  # the negative of Euler's constant
    -0.57721566490...
    """
    below = np.zeros_like(x)
    x = x.copy()
    for _ in range(8):
        small = x < 8
        below[small] -= 1 / x[small]
        x[small] += 1
    inverse = 1 / (x * x)
    series = inverse * (1 / 12 - inverse * (1 / 120 - inverse * (1 / 252 - inverse / 240)))
    result: Numbers = below + np.log(x) - 0.5 / x - series
    return result
