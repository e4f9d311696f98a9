"""Sequences that were encoded: their ids, and what is worked out only when somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry.compat.huggingface.backend import Backend
from tokenry.compat.huggingface.places import ASK_BELOW, Found
from tokenry.text.ragged import Ids, Ragged

Ask = Callable[[Any], Any]  # a text or its words, and what tokenizers gives for it
Words = list[int | None]


class Batch(Protocol):
    """Sequences that were encoded together.

    Attributes:
        run: all ids, in their order.
        bounds: sequence ``i`` has ``run[bounds[i]:bounds[i + 1]]``.
        keeps_first_space: whether the first token of a window keeps a space that others lose.
    """

    run: Ids
    bounds: NDArray[np.int64]
    keeps_first_space: bool

    @property
    def found(self) -> Found | None:
        """Offsets of all ids; None where tokenizers is to be asked."""

    def theirs(self, at: int) -> Any:
        """What tokenizers gives for a sequence."""

    def words(self, at: int) -> Words:
        """The word of each token of a sequence."""


class TextBatch:
    """Texts that were encoded together.

    Args:
        texts: them.
        ids: of each, without specials of a template.
        backend: what encoded them.
        split: whether specials in them were read as text.
        ask: what tokenizers itself gives for one.
    """

    def __init__(
        self, texts: list[str], ids: Ragged, backend: Backend, split: bool, ask: Ask
    ) -> None:
        self._texts, self._ids, self._backend, self._split, self._ask = (
            texts, ids, backend, split, ask,
        )  # fmt: skip
        self.run, self.bounds = ids.ids, ids.offsets.astype(np.int64)
        self.keeps_first_space = backend.keeps_first_space
        self._theirs: dict[int, Any] = {}

    @cached_property
    def found(self) -> Found | None:
        """Offsets of all ids; None where tokenizers is to be asked."""
        if len(self._texts) == 1 and len(self._texts[0]) < ASK_BELOW:
            return None
        return self._backend.offsets(self._texts, self._ids)

    def theirs(self, at: int) -> Any:
        """What tokenizers gives for a text."""
        if at not in self._theirs:
            self._theirs[at] = self._ask(self._texts[at])
        return self._theirs[at]

    def words(self, at: int) -> Words:
        """The word of each token of a text."""
        text = self._texts[at]
        if at in self._theirs or len(text) < ASK_BELOW:
            return self.theirs(at).word_ids  # type: ignore[no-any-return]
        count = int(self.bounds[at + 1] - self.bounds[at])
        words = self._backend.words(text, count, self._split)
        return self.theirs(at).word_ids if words is None else words  # type: ignore[return-value]


class WordBatch:
    """Words that the caller cut, encoded one by one.

    Args:
        given: the words of each sequence.
        ids: of each word of them all.
        backend: what encoded them.
        ask: what tokenizers itself gives for the words of one.
    """

    found = None  # words are short, so tokenizers gives offsets sooner than arrays do

    def __init__(
        self, given: Sequence[Sequence[str]], ids: Ragged, backend: Backend, ask: Ask
    ) -> None:
        self._given, self._ask = given, ask
        self._lengths = ids.lengths().tolist()
        self._firsts = np.cumsum([0, *map(len, given)])
        self.run, self.bounds = ids.ids, ids.offsets.astype(np.int64)[self._firsts]
        self.keeps_first_space = backend.keeps_first_space
        self._theirs: dict[int, Any] = {}

    def theirs(self, at: int) -> Any:
        """What tokenizers gives for the words of a sequence."""
        if at not in self._theirs:
            self._theirs[at] = self._ask(self._given[at])
        return self._theirs[at]

    def words(self, at: int) -> Words:
        """Which word each token is of."""
        lengths = enumerate(self._lengths[self._firsts[at] : self._firsts[at + 1]])
        return [word for word, length in lengths for _ in range(length)]


class PlacelessBatch:
    """A batch without places and words, as tokenizers leaves them out where it shall be fast.

    Args:
        batch: the ids.
    """

    keeps_first_space = False

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self.run, self.bounds = batch.run, batch.bounds

    @cached_property
    def found(self) -> Found:
        """Empty places at the beginning."""
        nowhere = np.zeros(len(self.run), np.int64)
        return Found(nowhere, nowhere, frozenset())

    def theirs(self, at: int) -> Any:
        """What tokenizers gives for a sequence."""
        return self._batch.theirs(at)

    def words(self, at: int) -> Words:
        """No words."""
        return [None] * int(self.bounds[at + 1] - self.bounds[at])
