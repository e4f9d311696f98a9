"""Sequences that were encoded: their ids, and what is worked out only when somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from tokenry.compat.huggingface.backend import Backend
from tokenry.compat.huggingface.places import ASK_BELOW, Offsets
from tokenry.text.ragged import Ids, Ragged

Ask = Callable[[Any], Any]  # a text or its words, and what tokenizers gives for it
Words = list[int | None]


class TextBatch:
    """Texts that were encoded together; offsets are worked out together, too.

    Args:
        texts: them.
        ids: of each, without specials of a template.
        backend: what encoded them.
        split: whether specials in them were read as text.
        ask: what tokenizers itself gives for one.
    """

    def __init__(
        self,
        texts: list[str],
        ids: Ragged | list[Ids],
        backend: Backend,
        split: bool,
        ask: Ask,
    ) -> None:
        self.texts, self.ids, self.backend, self.split, self.ask = texts, ids, backend, split, ask

    def sequences(self) -> list[TextSequence]:
        """One for each text."""
        return [TextSequence(self, at, row) for at, row in enumerate(self.ids)]

    @cached_property
    def offsets(self) -> list[Offsets | None]:
        """Those of each text; None where tokenizers is to be asked."""
        if len(self.texts) == 1 and len(self.texts[0]) < ASK_BELOW:
            return [None]
        ids = self.ids if isinstance(self.ids, Ragged) else Ragged.of(self.ids)
        return self.backend.offsets(self.texts, ids, self.split)


class TextSequence:
    """One text of a batch.

    Args:
        batch: it.
        at: which one.
        ids: its ids, shape (k,).
    """

    __slots__ = ("_at", "_batch", "_theirs", "ids")

    def __init__(self, batch: TextBatch, at: int, ids: Ids) -> None:
        self._batch, self._at, self.ids = batch, at, ids
        self._theirs: Any = None

    @property
    def backend(self) -> Backend:
        """What encoded it."""
        return self._batch.backend

    @property
    def theirs(self) -> Any:
        """What tokenizers gives for it."""
        if self._theirs is None:
            self._theirs = self._batch.ask(self._batch.texts[self._at])
        return self._theirs

    @property
    def offsets(self) -> Offsets:
        """The characters of each token, as the post-processor leaves them."""
        found = self._batch.offsets[self._at]
        return self.theirs.offsets if found is None else found

    @property
    def words(self) -> Words:
        """The word of each token."""
        text = self._batch.texts[self._at]
        if self._theirs is not None or len(text) < ASK_BELOW:
            return self.theirs.word_ids  # type: ignore[no-any-return]
        words = self.backend.words(text, len(self.ids), self._batch.split)
        return self.theirs.word_ids if words is None else words  # type: ignore[return-value]


class WordSequence:
    """Words that the caller cut.

    Args:
        given: a text each.
        rows: the ids of each.
        backend: what encoded them.
        ask: what tokenizers itself gives for the words.
    """

    def __init__(self, given: Sequence[str], rows: list[Ids], backend: Backend, ask: Ask) -> None:
        self._given, self._ask, self.backend = given, ask, backend
        self._lengths = [*map(len, rows)]
        self.ids = np.concatenate([np.zeros(0, np.uint32), *rows])

    @cached_property
    def theirs(self) -> Any:
        """What tokenizers gives for the words."""
        return self._ask(self._given)

    @property
    def offsets(self) -> Offsets:
        """The characters of each token in its word.

        Words are short, so tokenizers gives them sooner than arrays do.
        """
        return self.theirs.offsets  # type: ignore[no-any-return]

    @property
    def words(self) -> Words:
        """Which word each token is of."""
        lengths = enumerate(self._lengths)
        return [word for word, length in lengths for _ in range(length)]
