"""A space that has no piece, as the bytes of U+2581, which it is to SentencePiece (Kudo and
Richardson 2018, arXiv:1808.06226)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tokenry import _native
from tokenry.text.parts import Segmenter, SizedId
from tokenry.text.saved_parts import saved_as
from tokenry.text.segmenters.interpreted import interpreted
from tokenry.vocabulary import METASPACE, Vocabulary

_MARK = METASPACE.encode()


@saved_as("space_bytes.SpaceBytesSegmenter")
@dataclass(frozen=True, eq=False)
class SpaceBytesSegmenter(Segmenter):
    """A `tokenry.text.parts.Segmenter`: another one's ids, with three bytes for that of a space.

    Args:
        inner: falls back to bytes, and has no piece for a space.
        vocabulary: of its ids.
    """

    inner: Segmenter
    vocabulary: Vocabulary

    @property
    def unknown(self) -> int | None:  # type: ignore[override]
        """That of the other one."""
        return self.inner.unknown

    def segment(self, pretoken: bytes) -> list[int]:
        """Ids of one pretoken."""
        return [id_ for id_, _ in self.segment_with_sizes(pretoken)]

    def segment_with_sizes(self, pretoken: bytes) -> list[SizedId]:
        """Ids of one pretoken, each with the number of bytes that it stands for."""
        space, *marks = self._bytes
        found: list[SizedId] = []
        for id_, size in self.inner.segment_with_sizes(pretoken):  # type: ignore[attr-defined]
            sizes = (size, 0, 0)
            found += zip(marks, sizes, strict=True) if id_ == space else [(id_, size)]
        return found

    def native(self) -> _native.Segmenter:
        """The same behind the core's cache; built once."""
        return self._core

    @cached_property
    def _core(self) -> _native.PythonSegmenter:
        return interpreted(self.segment_with_sizes, self.vocabulary, ids_per_byte=len(_MARK))

    @cached_property
    def _bytes(self) -> list[int]:
        """Ids of the byte pieces of a space, and of the mark."""
        vocabulary = self.vocabulary
        ids = {vocabulary.pieces[id_]: id_ for id_ in vocabulary.ids_with("byte")}
        return [ids[bytes([byte])] for byte in b" " + _MARK]
