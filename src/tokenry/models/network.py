"""What an adapter gives, a network that reads tables of ids; and the memory it is read with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry.models.state import Array, ReadSequence, State

if TYPE_CHECKING:
    from torch import Tensor, device

    from tokenry.neural.cache.key_value import KeyValueCache


@dataclass(frozen=True, eq=False)
class Wanted:
    """What is to be read off a pass.

    Attributes:
        places: columns of the table after which logits are wanted, shape (kept,), ascending.
        hidden: numbers of vectors, as for `tokenry.models.causal.CausalOutput`.
        layers: numbers of the blocks to run; None: all.
    """

    places: Array
    hidden: tuple[int, ...] = ()
    layers: tuple[int, ...] | None = None


@dataclass(frozen=True, eq=False)
class Made:
    """What a pass gave.

    Attributes:
        logits: float32, shape (batch, kept, vocab).
        hidden: by number, float32, each of shape (batch, length, width).
    """

    logits: NDArray[np.float32]
    hidden: Mapping[int, NDArray[np.float32]]


class Network(Protocol):
    """A causal network."""

    @property
    def vocab_size(self) -> int:
        """Logits of each position."""

    @property
    def input_rows(self) -> int:
        """Ids that it reads are below this."""

    @property
    def max_length(self) -> int | None:
        """Positions that it has; None: any number."""

    @property
    def layers(self) -> int:
        """Blocks."""

    @property
    def skips(self) -> bool:
        """Whether it runs chosen blocks."""

    @property
    def why_uncached(self) -> str | None:
        """Why it cannot go on from keys and values; None where it is a `CachingNetwork`."""

    def read(self, ids: Array, wanted: Wanted) -> Made:
        """Read ids from the beginning, shape (batch, length); padding is behind them."""

    def flops(self, queries: int, keys: int, heads: int, layers: Sequence[int]) -> int:
        """Of a line: ``queries`` positions that look at ``keys``, ``heads`` of them with logits."""


@dataclass(frozen=True, eq=False)
class Chunk:
    """Ids that follow a cache, as tensors of torch.

    Attributes:
        ids: shape (batch, length).
        positions: likewise.
        present: False at padding; None: there is none.
        seen: which of all places, (batch, length, places), each id sees; padding sees itself. None:
            each sees all places up to its own. A sliding window is not in it yet.
        mixtures: weights of ids that stand in the place of the one id of each row, (batch, rows);
            None: ids are read.
    """

    ids: Tensor
    positions: Tensor
    present: Tensor | None
    seen: Tensor | None
    mixtures: Tensor | None = None


class CachingNetwork(Network, Protocol):
    """A network that goes on from keys and values."""

    @property
    def device(self) -> device:
        """Where its weights are."""

    def new_cache(self) -> KeyValueCache:
        """An empty cache."""

    def go_on(self, chunk: Chunk, cache: KeyValueCache, wanted: Wanted) -> Made:
        """Read ids after a cache, which is extended by them."""


@dataclass(frozen=True, eq=False)
class Pass:
    """A forward pass that was made.

    Attributes:
        made: what belongs to the new ids, shape (batch of the state, kept or new, ...).
        memory: what is remembered now.
        lines: of the table that the network read.
        queries: positions that were computed in each.
        keys: positions that they looked at.
        heads: positions of each for which logits were computed.
        positions: positions of all lines, padding left out.
    """

    made: Made
    memory: Any
    lines: int
    queries: int
    keys: int
    heads: int
    positions: int


class Memory(Protocol):
    """What is remembered from pass to pass: the keys and values, or nothing."""

    @property
    def keeps(self) -> bool:
        """Whether it remembers anything."""

    def read(
        self,
        network: Any,
        before: State,
        after: Sequence[ReadSequence],
        wanted: Wanted,
        mixtures: NDArray[np.floating] | None = None,
    ) -> Pass:
        """Read what ``after`` has more than ``before``; ``wanted.places`` are columns of that."""

    def select(self, before: State, entries: Sequence[Array]) -> Any:
        """The memory of a state of which each sequence keeps entries, by ascending number."""

    def fork(self, state: State, chosen: Sequence[int] | None) -> Any:
        """The memory of chosen sequences."""

    def join(self, states: Sequence[State]) -> Any:
        """The memory of all sequences of several states."""
