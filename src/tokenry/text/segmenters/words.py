"""Whole words, as SentencePiece's word model (Kudo and Richardson 2018, arXiv:1808.06226) has them.

A word begins at a space and goes to the next one; a word without a piece is unknown, and
neighbouring unknown words are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from tokenry import _native
from tokenry.errors import EncodeError
from tokenry.text.parts import Segmenter, SizedId
from tokenry.text.saved_parts import saved_as
from tokenry.text.segmenters.symbols import ids_of_bytes, matchable
from tokenry.vocabulary import Vocabulary

_WORD: Final = re.compile(rb" ?[^ ]*", re.DOTALL)


@saved_as("words.WordSegmenter")
@dataclass(frozen=True, eq=False)
class WordSegmenter(Segmenter):
    """A `tokenry.text.parts.Segmenter` of whole words; a pretoken is a whole text.

    Args:
        vocabulary: canonical pieces; those whose role is special, unknown or unused never come out
            of text, those whose role is byte only by ``byte_fallback``.
        unknown: what has no piece becomes this id.
        byte_fallback: a word without a piece becomes its bytes.
    """

    vocabulary: Vocabulary
    unknown: int | None
    byte_fallback: bool = False

    def segment(self, pretoken: bytes) -> list[int]:
        """Ids of a text."""
        return [id_ for id_, _ in self.segment_with_sizes(pretoken)]

    def segment_with_sizes(self, pretoken: bytes) -> list[SizedId]:
        """Ids of a text, each with the number of bytes that it stands for."""
        found: list[SizedId] = []
        for id_, size in self._found(pretoken):
            if id_ == self.unknown and found and found[-1][0] == id_:
                size += found.pop()[1]
            found.append((id_, size))
        return found

    def native(self) -> _native.Segmenter:
        """The same in the core; built once."""
        return self._core

    @cached_property
    def _core(self) -> _native.WholeWordsSegmenter:
        pieces, offsets = matchable(self.vocabulary)
        none = np.full(256, -1, dtype=np.int64)
        return _native.WholeWordsSegmenter(
            pieces=pieces,
            offsets=offsets,
            unknown=-1 if self.unknown is None else self.unknown,
            byte_ids=ids_of_bytes(self.vocabulary, "characters") if self.byte_fallback else none,
        )

    def _found(self, text: bytes) -> Iterator[SizedId]:
        for match in _WORD.finditer(text):
            word = match[0]
            if not word:
                continue
            id_ = self._ids.get(word)
            if id_ is not None:
                yield id_, len(word)
            elif self.byte_fallback:
                yield from ((self._bytes[byte], 1) for byte in word)
            elif self.unknown is None:
                raise EncodeError(f"{word!r} has no piece, and this vocabulary has no unknown id")
            else:
                yield self.unknown, len(word)

    @cached_property
    def _ids(self) -> dict[bytes, int]:
        pieces = enumerate(self.vocabulary.matchable())
        roles = self.vocabulary.roles
        return {piece: id_ for id_, piece in pieces if piece and roles.get(id_) != "byte"}

    @cached_property
    def _bytes(self) -> dict[int, int]:
        ids = self.vocabulary.ids_with("byte")
        return {(self.vocabulary.pieces[id_] or b"\0")[0]: id_ for id_ in ids}
