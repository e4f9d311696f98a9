"""What a call computes: all places, or those that change, beside keys and values of the others.

Keys and values of places that read both ways change with every id that is unmasked. Those of
settled text change little, and are kept for a block: with the prefix alone as in Fast-dLLM (Wu et
al. 2025, arXiv:2505.22618), or with what comes behind as well. FreeCache (Hu et al. 2025,
"FlashDLM", arXiv:2505.21467) freezes more and more of the text as blocks are finished, and reads it
never again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.diffusion.denoiser import Denoiser
from tokenry.models.state import Array
from tokenry.neural.cache.key_value import KeyValueCache

Logits = NDArray[np.float32]


class BlockReading(Protocol):
    """The reading of one text from block to block."""

    def begin(self, ids: Array, start: int, stop: int) -> None:
        """A block begins: columns ``start`` to ``stop`` are unmasked next."""

    def logits(self, ids: Array) -> Logits:
        """Of the block's places, shape (batch, stop - start, vocab)."""


class Coverage(Protocol):
    """A frozen dataclass."""

    def open(self, denoiser: Denoiser) -> BlockReading:
        """Begin a text."""


@dataclass(frozen=True)
class ReadAll:
    """Every call computes all places: nothing is approximated."""

    def open(self, denoiser: Denoiser) -> BlockReading:
        """Begin a text."""
        return _All(denoiser)


class _All:
    def __init__(self, denoiser: Denoiser) -> None:
        self.denoiser = denoiser
        self.block = slice(0, 0)

    def begin(self, ids: Array, start: int, stop: int) -> None:
        self.block = slice(start, stop)

    def logits(self, ids: Array) -> Logits:
        return self.denoiser.read(ids, range(ids.shape[1]))[:, self.block]


@dataclass(frozen=True)
class KeepBlocks:
    """One call a block computes all places; the others compute the block, and perhaps the rest.

    Attributes:
        suffix: whether what comes behind the block is kept, too.
    """

    suffix: bool = False

    def open(self, denoiser: Denoiser) -> BlockReading:
        """Begin a text."""
        return _Kept(denoiser, self.suffix)


class _Kept:
    def __init__(self, denoiser: Denoiser, suffix: bool) -> None:
        self.denoiser, self.suffix = denoiser, suffix
        self.start = self.stop = 0
        self.cache: KeyValueCache | None = None

    def begin(self, ids: Array, start: int, stop: int) -> None:
        self.start, self.stop, self.cache = start, stop, None

    def logits(self, ids: Array) -> Logits:
        length = ids.shape[1]
        if self.cache is None:
            cache = self.denoiser.model.new_cache()
            found = self.denoiser.read(ids, range(length), cache)[:, self.start : self.stop]
            behind = range(self.stop, length) if self.suffix else ()
            cache.compact([*range(self.start), *behind])
            self.cache = cache
            return found
        last = self.stop if self.suffix else length
        found = self.denoiser.read(ids, range(self.start, last), self.cache.fork())
        return found[:, : self.stop - self.start]


@dataclass(frozen=True)
class FreeCache:
    """The prompt is read once; of a finished block keys and values are frozen as they were last.

    Attributes:
        ahead: places behind the block that each call computes with it; those further on are not
            seen.
    """

    ahead: int = 16

    def open(self, denoiser: Denoiser) -> BlockReading:
        """Begin a text."""
        return _Frozen(denoiser, self.ahead)


class _Frozen:
    def __init__(self, denoiser: Denoiser, ahead: int) -> None:
        self.denoiser, self.ahead = denoiser, ahead
        self.start = self.stop = self.frozen = 0
        self.cache: KeyValueCache | None = None

    def begin(self, ids: Array, start: int, stop: int) -> None:
        """Freeze all before the block: the prompt by a call of its own, blocks as they are now."""
        if self.cache is None:
            self.cache = self.denoiser.model.new_cache()
        if start > self.frozen:
            self.denoiser.read(ids, range(self.frozen, start), self.cache)
        self.start, self.stop, self.frozen = start, stop, start

    def logits(self, ids: Array) -> Logits:
        assert self.cache is not None
        last = min(self.stop + self.ahead, ids.shape[1])
        found = self.denoiser.read(ids, range(self.start, last), self.cache.fork())
        return found[:, : self.stop - self.start]
