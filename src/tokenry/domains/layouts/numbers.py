"""Numbers of boxes as whole numbers with decimals, and as bins of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Decimals:
    """Numbers as they are written: ``digits / 10 ** places``.

    Attributes:
        digits: without the point; shape (n,).
        places: digits behind the point; shape (n,).
    """

    digits: Whole
    places: Whole

    def values(self) -> NDArray[np.float64]:
        """The numbers, shape (n,)."""
        found: NDArray[np.float64] = self.digits / 10.0**self.places
        return found

    def written(self) -> list[bytes]:
        """The texts again."""
        return [
            _written(digits, places)
            for digits, places in zip(self.digits.tolist(), self.places.tolist(), strict=True)
        ]

    def formatted(self) -> Sequence[bytes | int]:
        """What a format writes as these texts: whole numbers, if none has decimals."""
        whole: list[int] = self.digits.tolist()
        return self.written() if self.places.any() else whole


def decimals(texts: Sequence[bytes]) -> Decimals:
    """Numbers from their texts, which are as `templates.NUMBER` has them."""
    joined = b" ".join(texts)
    places = np.zeros(len(texts), np.int64)
    if b"." in joined:
        places[:] = [len(text) - 1 - text.find(b".") if b"." in text else 0 for text in texts]
        joined = joined.replace(b".", b"")
    digits = np.fromstring(joined, np.int64, sep=" ") if texts else np.zeros(0, np.int64)
    return Decimals(digits, places)


def _written(digits: int, places: int) -> bytes:
    if not places:
        return b"%d" % digits
    text = b"%0*d" % (places + 1, abs(digits))
    return b"-" * (digits < 0) + text[:-places] + b"." + text[-places:]


def binned(values: NDArray[np.float64], extents: NDArray[np.float64], bins: int) -> Whole:
    """The bin of each number, where ``bins`` of them cover an extent; those outside at its ends.

    >>> binned(np.array([0.0, 49.0, 100.0, -3.0]), np.full(4, 100.0), 10).tolist()
    [0, 4, 9, 0]
    """
    return np.clip(np.floor(values * bins / extents), 0, bins - 1).astype(np.int64)


def middle(bins_of: Whole, extents: NDArray[np.float64], places: Whole, bins: int) -> Whole:
    """The digits of the middle of each bin, with so many decimals."""
    return np.rint((bins_of + 0.5) * extents / bins * 10.0**places).astype(np.int64)
