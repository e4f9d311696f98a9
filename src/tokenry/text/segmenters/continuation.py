"""Greedy longest match with pieces of two kinds: those that start a pretoken and those that go on.

The segmentation of WordPiece (Schuster and Nakajima 2012; Wu et al. 2016, arXiv:1609.08144) without
what makes BERT's lossy: every byte has a piece of either kind, so nothing is unknown, and white
space belongs to the pretoken. `tokenry.text.segmenters.wordpiece` reads BERT's files.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.errors import VocabularyError
from tokenry.text.id_changes import Addition, Growth, Renumbering
from tokenry.text.parts import Segmenter
from tokenry.text.saved_parts import saved_as
from tokenry.vocabulary import Vocabulary, pack


@saved_as("continuation.ContinuationSegmenter")
@dataclass(frozen=True, eq=False)
class ContinuationSegmenter(Segmenter):
    """A `tokenry.text.parts.Segmenter` that takes the longest piece.

    Args:
        vocabulary: pieces whose role is special, unknown, unused or added never come out of text.
            Of equal ones of a kind the first counts.
        continues: by id, whether the piece continues a pretoken; else it starts one.

    Raises:
        VocabularyError: a byte has no piece that starts, or none that continues.
    """

    vocabulary: Vocabulary
    continues: NDArray[np.bool_]

    def __post_init__(self) -> None:
        if len(self.continues) != len(self.vocabulary):
            raise VocabularyError(
                f"there are {len(self.continues)} marks of continuation for "
                f"{len(self.vocabulary)} pieces"
            )
        for ids, verb in zip(self._ids, ("starts", "continues"), strict=True):
            missing = [byte for byte in range(256) if bytes([byte]) not in ids]
            if missing:
                raise VocabularyError(f"byte {missing[0]} has no piece that {verb} a pretoken")

    def segment(self, pretoken: bytes) -> list[int]:
        """Ids of one pretoken."""
        result: list[int] = []
        at = 0
        while at < len(pretoken):
            known = self._ids[at > 0]
            size = min(len(pretoken) - at, self._longest)
            while pretoken[at : at + size] not in known:
                size -= 1
            result.append(known[pretoken[at : at + size]])
            at += size
        return result

    grows_by: ClassVar[Growth | None] = "pieces"

    @property
    def starts_from_bytes(self) -> bool:
        """Every byte has pieces of its own."""
        return True

    def starts(self, id_: int) -> bool:
        """Whether the piece starts a pretoken."""
        return not self.continues[id_]

    def renumbered(self, change: Renumbering) -> ContinuationSegmenter:
        """The same with other ids; each starts or continues as before."""
        return replace(self, vocabulary=change.vocabulary, continues=self.continues[change.kept])

    def appended(self, addition: Addition) -> ContinuationSegmenter:
        """The same with more ids, whose pieces start a pretoken."""
        continues = np.zeros(len(addition.vocabulary), dtype=np.bool_)
        continues[: len(self.continues)] = self.continues
        return replace(self, vocabulary=addition.vocabulary, continues=continues)

    def native(self) -> _native.ContinuationSegmenter:
        """The same in the native core; built once."""
        return self._core

    @cached_property
    def _core(self) -> _native.ContinuationSegmenter:
        pieces, offsets = pack(self.vocabulary.matchable())
        return _native.ContinuationSegmenter(
            pieces=pieces, offsets=offsets, continues=np.ascontiguousarray(self.continues, bool)
        )

    @cached_property
    def _ids(self) -> tuple[dict[bytes, int], dict[bytes, int]]:
        """Ids of the pieces that start a pretoken, and of those that continue one."""
        ids: tuple[dict[bytes, int], dict[bytes, int]] = ({}, {})
        for id_, piece in enumerate(self.vocabulary.matchable()):
            if piece is not None:
                ids[bool(self.continues[id_])].setdefault(piece, id_)
        return ids

    @cached_property
    def _longest(self) -> int:
        return max(len(piece) for ids in self._ids for piece in ids)
