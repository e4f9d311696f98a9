"""Ids of a text that comes in pieces: those of the whole, given out as soon as they are certain."""

from __future__ import annotations

from collections.abc import Callable

from tokenry.errors import UnsupportedError
from tokenry.text.pipeline import Pipeline
from tokenry.text.safe_cuts import can_be_cut, last_safe_cut
from tokenry.text.unicode.utf8 import join_surrogates


class EncodeStream:
    """Ids of a text in pieces; made by `tokenry.Tokenizer.encode_stream`.

    All that `push` and `finish` give, one after the other, is ``encode`` of the whole text. Text is
    cut only where `tokenry.text.safe_cuts` knows that nothing crosses: at ends of lines. What
    follows the last of them is held back, so what is held is bounded by the longest stretch without
    one, and is all of the text for pipelines where no place is known to be safe.

    Args:
        pipeline: that of the tokenizer.
        encode: ids of a text by the same pipeline.
        allowed_special: the specials that are recognised.
        size: bytes to gather before ids are looked for.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        encode: Callable[[bytes], list[int]],
        allowed_special: frozenset[str],
        size: int,
    ) -> None:
        self._encode = encode
        self._cuts = can_be_cut(pipeline, allowed_special)
        self._size = size
        self._next = size  # how much is to be held before it is looked at again
        self._held = bytearray()
        self._half = ""  # a high surrogate whose other half may come
        self._finished = False

    @property
    def is_bounded(self) -> bool:
        """Whether the pipeline lets text be cut, so that not all of it has to be held."""
        return self._cuts

    def push(self, text: str | bytes) -> list[int]:
        """The ids that are certain after one more piece of text, which may be none.

        Raises:
            UnsupportedError: the stream was finished, or str and bytes come by turns inside of a
                character.
        """
        if self._finished:
            raise UnsupportedError("this stream was finished; make another for more text")
        self._held += self._bytes(text)
        if not self._cuts or len(self._held) < self._next:
            return []
        cut = last_safe_cut(bytes(self._held))
        # Looked at again when it has doubled, so that a text without a cut is not searched often.
        self._next = self._size if cut else 2 * len(self._held)
        return self._take(cut) if cut else []

    def finish(self) -> list[int]:
        """The rest; afterwards the stream takes no more."""
        if self._finished:
            return []
        self._held += self._bytes(b"")
        self._finished = True
        return self._take(len(self._held))

    def _take(self, size: int) -> list[int]:
        data = bytes(self._held[:size])
        del self._held[:size]
        return self._encode(data) if data else []

    def _bytes(self, text: str | bytes) -> bytes:
        if isinstance(text, bytes):
            half, self._half = self._half, ""
            return join_surrogates(half).encode() + text
        if not isinstance(text, str):
            raise TypeError(f"text must be str or bytes, not {type(text).__name__}")
        whole = self._half + text
        self._half = whole[-1:] if "\ud800" <= whole[-1:] <= "\udbff" else ""
        whole = whole[: len(whole) - len(self._half)]
        try:
            return whole.encode()
        except UnicodeEncodeError:
            return join_surrogates(whole).encode()
