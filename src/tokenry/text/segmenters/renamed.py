"""The pieces of one vocabulary under the ids of another, as programs have them that keep a
segmentation in one file and ids in a second one (fairseq, subword-nmt)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.errors import VocabularyError
from tokenry.text.parts import Segmenter, SizedId
from tokenry.text.saved_parts import saved_as
from tokenry.vocabulary import Vocabulary


@saved_as("renamed.RenamedSegmenter")
@dataclass(frozen=True, eq=False)
class RenamedSegmenter(Segmenter):
    """A `tokenry.text.parts.Segmenter` that gives another one's pieces ids of its own.

    Args:
        inner: finds the pieces.
        vocabulary: of the ids that are given.
        ids: by id of ``inner``, shape (k,); several may have one.
        inner_unknown: what ``inner`` calls unknown text, where it does.
        unknown: what that becomes.
        looks_up: unless the text is a piece of ``vocabulary``: then its last id.
    """

    inner: Segmenter
    vocabulary: Vocabulary
    ids: NDArray[np.uint32]
    inner_unknown: int | None
    unknown: int | None
    looks_up: bool = False

    def __post_init__(self) -> None:
        if self.unknown is None or not 0 <= self.unknown < len(self.vocabulary):
            raise VocabularyError(f"the unknown id {self.unknown} is not in the vocabulary")

    def segment(self, pretoken: bytes) -> list[int]:
        """Ids of one pretoken."""
        return [id_ for id_, _ in self.segment_with_sizes(pretoken)]

    def segment_with_sizes(self, pretoken: bytes) -> list[SizedId]:
        """Ids of one pretoken, each with the number of bytes that it stands for."""
        found, at = [], 0
        for id_, size in self.inner.segment_with_sizes(pretoken):  # type: ignore[attr-defined]
            found.append((self._renamed(id_, pretoken[at : at + size]), size))
            at += size
        return found

    def native(self) -> _native.Segmenter:
        """The same in the core; built once."""
        return self._core

    @cached_property
    def _core(self) -> _native.RenamedSegmenter:
        assert self.unknown is not None
        pieces, offsets = self.vocabulary.packed()
        return _native.RenamedSegmenter(
            self.inner.native(),
            self.ids,
            inner_unknown=-1 if self.inner_unknown is None else self.inner_unknown,
            unknown=self.unknown,
            looks_up=self.looks_up,
            pieces=pieces,
            offsets=offsets,
        )

    @property
    def lossless(self) -> bool:
        """Never: pieces without an id are unknown."""
        return False

    def _renamed(self, id_: int, text: bytes) -> int:
        assert self.unknown is not None
        if id_ != self.inner_unknown:
            return int(self.ids[id_])
        return self._by_text.get(text, self.unknown) if self.looks_up else self.unknown

    @cached_property
    def _by_text(self) -> dict[bytes, int]:
        return {piece: id_ for id_, piece in enumerate(self.vocabulary.pieces) if piece}
