"""Codes of many levels as several of few, so that a model needs no row for each.

ELM has 16 to 24 bits a token and predicts them as two or three parts with a head each (Wang et al.
2024, "Elucidating the design space of language models for image generation", arXiv:2410.16257).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError
from tokenry.signals.serialising.contract import Places


@dataclass(frozen=True)
class Decomposition:
    """A code as digits of mixed bases, the first part the lowest.

    Attributes:
        parts: levels of each part; their product is that of the code, or more.
    """

    parts: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.parts or min(self.parts) < 2 or math.prod(self.parts) > 2**62:
            raise SignalError(f"parts {self.parts}; expected levels of 2 or more, 2^62 in all")

    @classmethod
    def of_bits(cls, bits: int, parts: int) -> Decomposition:
        """So many bits in so many parts, as even as they go: 16 in 2 are 256 and 256."""
        if not 1 <= parts <= bits:
            raise SignalError(f"{bits} bits in {parts} parts; expected one bit or more in each")
        return cls(tuple(1 << (bits // parts + (part < bits % parts)) for part in range(parts)))

    def split(self, codes: NDArray[Any], levels: int) -> Places:
        """Parts of codes with ``levels``, on a new last axis.

        Raises:
            SignalError: a code is beyond its levels, or they are more than the parts have.
        """
        codes = np.asarray(codes, np.int64)
        if levels > math.prod(self.parts):
            raise SignalError(f"{levels} levels in parts of {self.parts}: they are too few")
        if (codes < 0).any() or (codes >= levels).any():
            raise SignalError(f"codes from {codes.min()} to {codes.max()} for {levels} levels")
        found = np.empty((*codes.shape, len(self.parts)), np.int64)
        for place, base in enumerate(self.parts):
            codes, found[..., place] = np.divmod(codes, base)
        return found

    def join(self, parts: NDArray[Any], levels: int) -> tuple[Places, NDArray[np.bool_]]:
        """Codes of parts, and whether they are below ``levels``; the last code where they are not.

        Raises:
            SignalError: there are more or fewer parts, or one is beyond its levels.
        """
        parts = np.asarray(parts, np.int64)
        if parts.shape[-1] != len(self.parts) or (parts < 0).any():
            raise SignalError(f"parts of shape {parts.shape}; expected {len(self.parts)} of each")
        if (parts >= np.asarray(self.parts)).any():
            raise SignalError(f"a part is beyond {self.parts}")
        weights = np.cumprod([1, *self.parts[:-1]])
        codes = (parts * weights).sum(axis=-1)
        return np.minimum(codes, levels - 1), codes < levels
