"""What particles are made of: symbols that are drawn one after the other, ids or bytes.

Both ways give texts. By ids a step is a token, and the distribution is the model's over all
sequences of ids; by bytes it is that of a `ByteSource`, and a step costs a call a byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.bytewise.covers import END
from tokenry.decoding.bytewise.source import ByteLanes, ByteSource
from tokenry.decoding.spelling import Spelling
from tokenry.models.causal import CausalModel, log_softmax
from tokenry.models.state import State as ModelState

Floats = NDArray[np.float64]


class SymbolSteps(Protocol):
    """Texts side by side that go on symbol by symbol; a value."""

    def logprobs(self) -> Floats:
        """Logarithms of the probabilities of the next symbol, shape (texts, symbols)."""

    def bytes_of(self, symbol: int) -> bytes | None:
        """What a symbol writes; None for the end of the text."""

    def advance(self, symbols: Sequence[int]) -> Self:
        """The texts with one more symbol each."""

    def select(self, chosen: Sequence[int]) -> Self:
        """Chosen texts, each as often as it is named."""


@dataclass(frozen=True, eq=False)
class IdSteps:
    """A model's ids as symbols; the last symbol, behind them, is the end.

    Attributes:
        model: says what follows.
        spelling: what ids write.
        state: what was read.
        logits: after it, shape (texts, rows).
    """

    model: CausalModel
    spelling: Spelling
    state: ModelState
    logits: NDArray[np.float32]

    @classmethod
    def of(
        cls, model: CausalModel, spelling: Spelling, prompt: Sequence[int], count: int
    ) -> IdSteps:
        """As many texts behind the ids of a prompt."""
        step = model.start([[*spelling.begin, *prompt]], logits="last")
        state = model.fork(step.state, [0] * count)
        return cls(model, spelling, state, np.repeat(step.last, count, axis=0))

    def logprobs(self) -> Floats:
        """See `SymbolSteps`; specials that end no text cannot come."""
        count = len(self.spelling.pieces)
        found = np.full((len(self.logits), count + 1), -np.inf)
        writing = self.spelling.order.ids
        found[:, writing] = self.logits[:, writing]
        ends = self.logits[:, list(self.spelling.ends)].astype(np.float64)
        found[:, count] = np.logaddexp.reduce(ends, axis=1)
        return log_softmax(found)

    def bytes_of(self, symbol: int) -> bytes | None:
        """See `SymbolSteps`."""
        return None if symbol == len(self.spelling.pieces) else self.spelling.pieces[symbol]

    def advance(self, symbols: Sequence[int]) -> IdSteps:
        """See `SymbolSteps`."""
        step = self.model.extend(self.state, [[symbol] for symbol in symbols], logits="last")
        return IdSteps(self.model, self.spelling, step.state, step.last)

    def select(self, chosen: Sequence[int]) -> IdSteps:
        """See `SymbolSteps`."""
        state = self.model.fork(self.state, chosen)
        return IdSteps(self.model, self.spelling, state, self.logits[list(chosen)])


@dataclass(frozen=True, eq=False)
class ByteSteps:
    """Bytes as symbols; 256 is the end.

    Attributes:
        lanes: the texts.
    """

    lanes: ByteLanes

    @classmethod
    def of(cls, source: ByteSource, prompt: bytes, count: int) -> ByteSteps:
        """As many texts behind a prompt."""
        return cls(source.lanes([prompt]).select([0] * count))

    def logprobs(self) -> Floats:
        """See `SymbolSteps`."""
        return self.lanes.logprobs()

    def bytes_of(self, symbol: int) -> bytes | None:
        """See `SymbolSteps`."""
        return None if symbol == END else bytes([symbol])

    def advance(self, symbols: Sequence[int]) -> ByteSteps:
        """See `SymbolSteps`."""
        return ByteSteps(self.lanes.advance([bytes([symbol]) for symbol in symbols]))

    def select(self, chosen: Sequence[int]) -> ByteSteps:
        """See `SymbolSteps`."""
        return ByteSteps(self.lanes.select(chosen))
