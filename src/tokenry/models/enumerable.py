"""A model so small that all it can say can be listed: the oracle of what samples and sums.

A Markov model over ids: the logits of the next id are a table over the last few. Numpy alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import ModelError
from tokenry.models.causal import log_softmax
from tokenry.models.network import Made, Wanted
from tokenry.models.state import Array
from tokenry.seeds import generator


@dataclass(frozen=True, eq=False)
class Enumerable:
    """A distribution over sequences that begin with one id and end with another.

    Attributes:
        table: logits of the next id, float32, shape (vocab,) * (order + 1), the last id before it
            being the last but one axis. -inf is an id that cannot come.
        begin: the id with which every sequence begins. It stands for what is missing where fewer
            than ``order`` ids were read, and never comes again.
        end: the id that ends a sequence.
    """

    table: NDArray[np.float32]
    begin: int
    end: int
    logprobs: NDArray[np.float64] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        shape = self.table.shape
        if len(shape) < 2 or len(set(shape)) != 1 or self.table.dtype != np.float32:
            raise ModelError(
                f"a table of shape {shape} and type {self.table.dtype}, expected float32 and "
                "equal sides, two or more"
            )
        if self.begin == self.end or not {self.begin, self.end} <= set(range(shape[0])):
            raise ModelError(f"begin is {self.begin} and end {self.end} of {shape[0]} ids")
        if np.isfinite(self.table[..., self.begin]).any():
            raise ModelError(f"the id that begins, {self.begin}, has to have logits of -inf")
        object.__setattr__(self, "logprobs", log_softmax(self.table))

    @classmethod
    def drawn(
        cls, vocab_size: int, *, order: int = 2, spread: float = 1.0, seed: int = 0
    ) -> Enumerable:
        """One with random logits, whose last two ids begin and end sequences.

        Args:
            vocab_size: ids, those two included.
            order: ids that decide about the next.
            spread: standard deviation of the logits.
            seed: of the draw.
        """
        draw = generator(seed, "enumerable")
        table = draw.normal(scale=spread, size=(vocab_size,) * (order + 1)).astype(np.float32)
        table[..., vocab_size - 2] = -np.inf
        return cls(table, begin=vocab_size - 2, end=vocab_size - 1)

    @property
    def order(self) -> int:
        """Ids that decide about the next."""
        return self.table.ndim - 1

    def next_logprobs(self, ids: Sequence[int]) -> NDArray[np.float64]:
        """Of what follows ``ids``, shape (vocab,)."""
        found: NDArray[np.float64] = self.logprobs[self._context(ids)]
        return found

    def logprob(self, ids: Sequence[int]) -> float:
        """That a sequence goes on like ``ids`` after the id that begins it.

        Args:
            ids: without the first; with or without the one that ends it.
        """
        whole = [self.begin, *ids]
        return float(sum(self.next_logprobs(whole[:at])[whole[at]] for at in range(1, len(whole))))

    def sequences(self, length: int) -> Iterator[tuple[tuple[int, ...], float]]:
        """All sequences with their log-probabilities, which sum to one as probabilities.

        Args:
            length: ids after the first. A sequence ends earlier with its end; one that has not
                ended by then is cut.

        Yields:
            Ids without the first, the end included where there is one; log-probability.
        """
        yield from self._sequences((), 0.0, length)

    def _sequences(
        self, ids: tuple[int, ...], logprob: float, left: int
    ) -> Iterator[tuple[tuple[int, ...], float]]:
        if not left or ids[-1:] == (self.end,):
            yield ids, logprob
            return
        following = self.next_logprobs((self.begin, *ids))
        for each in np.flatnonzero(np.isfinite(following)).tolist():
            yield from self._sequences((*ids, each), logprob + float(following[each]), left - 1)

    def _context(self, ids: Sequence[int]) -> tuple[int, ...]:
        missing = (self.begin,) * max(0, self.order - len(ids))
        return (*missing, *(int(each) for each in ids[len(ids) - self.order + len(missing) :]))


class TableNetwork:
    """A `tokenry.models.network.Network` over an `Enumerable`, which has no blocks."""

    max_length = None
    layers = 0
    skips = False
    why_uncached = "a table is looked up, there are no keys and values"

    def __init__(self, model: Enumerable) -> None:
        self.model = model
        self.vocab_size = self.input_rows = model.table.shape[0]

    def read(self, ids: Array, wanted: Wanted) -> Made:
        """Look up what follows; vectors number 0 are the logits themselves."""
        order, begin = self.model.order, self.model.begin
        padded = np.pad(ids, ((0, 0), (order - 1, 0)), constant_values=begin)
        contexts = [padded[:, at : at + ids.shape[1]] for at in range(order)]
        logits = self.model.table[tuple(contexts)]
        return Made(logits[:, wanted.places], dict.fromkeys(wanted.hidden, logits))

    def flops(self, queries: int, keys: int, heads: int, layers: Sequence[int]) -> int:
        """None: nothing is multiplied."""
        return 0
