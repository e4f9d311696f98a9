"""Ids of whole texts that come again, kept beside a tokenizer."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from tokenry.arguments import checked
from tokenry.options import Positive
from tokenry.text.encoder import NONE_ALLOWED, Allowed


@runtime_checkable
class TextEncoder(Protocol):
    """What is asked of a `tokenry.Tokenizer`, which stands above this room."""

    def encode(
        self,
        text: str | bytes,
        *,
        allowed_special: Allowed = NONE_ALLOWED,
        add_special_tokens: bool = False,
    ) -> list[int]:
        """Ids of ``text``."""


class Memo:
    """Gives again what `Tokenizer.encode` gave for the same text.

    For system prompts, few-shot examples and passages that many calls share. A text that is new
    costs a look-up and a copy of its ids more than without, so nothing uses one unasked. Threads
    may share it.

    Two generations are kept, of half the characters each: a text of the elder that is asked for
    moves to the younger, and when that is full, it becomes the elder and the elder is forgotten.

    Args:
        tokenizer: whose ids.
        characters: of all texts that are kept (of bytes, bytes), at most; with its ids one takes
            about 10 bytes of memory in English. A text of more than half as many is never kept.
        allowed_special: as `Tokenizer.encode` takes it.
        add_special_tokens: likewise.

    Attributes:
        hits: how many calls found their text.
        misses: how many did not.

    Raises:
        ArgumentError: an argument is unlike its annotation.
    """

    @checked
    def __init__(
        self,
        tokenizer: TextEncoder,
        *,
        characters: Positive = 4_000_000,
        allowed_special: Allowed = NONE_ALLOWED,
        add_special_tokens: bool = False,
    ) -> None:
        self._tokenizer, self._half = tokenizer, characters // 2
        self._allowed, self._template = allowed_special, add_special_tokens
        self.hits = self.misses = 0
        self.clear()

    def clear(self) -> None:
        """Forget all texts."""
        self._younger: dict[str | bytes, list[int]] = {}
        self._elder: dict[str | bytes, list[int]] = {}
        self._size = 0

    def encode(self, text: str | bytes) -> list[int]:
        """Ids of ``text``, in a list of the caller's own."""
        try:
            ids = self._younger.get(text)
        except TypeError:  # no key: what no tokenizer takes either
            return self._made(text)
        if ids is None:
            return self._moved_or_made(text).copy()
        self.hits += 1
        return ids.copy()

    def _moved_or_made(self, text: str | bytes) -> list[int]:
        ids = self._elder.get(text)
        if ids is None:
            ids = self._made(text)
            self.misses += 1
        else:
            self.hits += 1
        size = len(text) + 1  # so that empty texts are bounded too
        if size <= self._half:
            if self._size + size > self._half:
                self._younger, self._elder, self._size = {}, self._younger, 0
            self._younger[text] = ids
            self._size += size
        return ids

    def _made(self, text: str | bytes) -> list[int]:
        return self._tokenizer.encode(
            text, allowed_special=self._allowed, add_special_tokens=self._template
        )
