"""What can be asked for the next byte: one model, or several together."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Protocol, Self

import numpy as np

from tokenry.decoding.bytewise.covers import END, Floats
from tokenry.decoding.drawing import Drawing


class ByteLanes(Protocol):
    """Texts side by side; a value: every method leaves it as it was."""

    def logprobs(self) -> Floats:
        """Logarithms of the probabilities of the next byte (256: the end), (texts, 257)."""

    def advance(self, texts: Sequence[bytes]) -> Self:
        """The texts with more bytes each, which may be none."""

    def select(self, chosen: Sequence[int]) -> Self:
        """Chosen texts, each as often as it is named."""


class ByteSource(ABC):
    """A distribution over texts that is read byte by byte."""

    @abstractmethod
    def lanes(self, prefixes: Sequence[bytes]) -> ByteLanes:
        """Texts to go on with."""

    def next_byte_logprobs(self, prefix: bytes) -> Floats:
        """Logarithms of the probabilities of the next byte; number 256 is the end of the text.

        Args:
            prefix: what the text begins with; any bytes, whole characters or not.

        Returns:
            float64, shape (257,).

        Raises:
            ModelError: no sequence of ids writes ``prefix``, or it is longer than a model reads.
        """
        found: Floats = self.lanes([prefix]).logprobs()[0]
        return found

    def next_byte_logprobs_batch(self, prefixes: Sequence[bytes]) -> Floats:
        """The same for many texts in as many calls as one takes, shape (texts, 257)."""
        return self.lanes(prefixes).logprobs()

    def stream(
        self,
        prefix: bytes = b"",
        *,
        max_bytes: int | None = 256,
        drawing: Drawing | None = None,
        seed: int = 0,
    ) -> Iterator[int]:
        """Bytes that follow a prefix, drawn one by one, to the end of the text.

        Args:
            prefix: what the text begins with.
            max_bytes: how many at most; None: to the end.
            drawing: temperature, truncation; None: as the model says.
            seed: of the draws.
        """
        drawing = drawing or Drawing()
        source = np.random.default_rng(seed)
        lanes, made = self.lanes([prefix]), 0
        while max_bytes is None or made < max_bytes:
            byte = drawing.draw(lanes.logprobs()[0], source)
            if byte == END:
                return
            yield byte
            made += 1
            lanes = lanes.advance([bytes([byte])])

    def sample(
        self,
        prefix: bytes = b"",
        *,
        max_bytes: int | None = 256,
        drawing: Drawing | None = None,
        seed: int = 0,
    ) -> bytes:
        """What `stream` gives, as a whole."""
        return bytes(self.stream(prefix, max_bytes=max_bytes, drawing=drawing, seed=seed))
