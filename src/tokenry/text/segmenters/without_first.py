"""Ids of a text without those of what was put before it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tokenry import _native
from tokenry.text.parts import Segmenter, SizedId
from tokenry.text.saved_parts import saved_as
from tokenry.text.segmenters.interpreted import interpreted
from tokenry.vocabulary import Vocabulary


@saved_as("without_first.WithoutFirstSegmenter")
@dataclass(frozen=True, eq=False)
class WithoutFirstSegmenter(Segmenter):
    """A `tokenry.text.parts.Segmenter` that gives another one's ids but for the first.

    Args:
        inner: segments what was put before with the text.
        vocabulary: of its ids.
        count: how many ids are left out; where there are fewer, all stay.
    """

    inner: Segmenter
    vocabulary: Vocabulary
    count: int

    def segment(self, pretoken: bytes) -> list[int]:
        """Ids of one pretoken."""
        return [id_ for id_, _ in self.segment_with_sizes(pretoken)]

    def segment_with_sizes(self, pretoken: bytes) -> list[SizedId]:
        """Ids of one pretoken; the first stands for what those left out do, too."""
        found: list[SizedId] = self.inner.segment_with_sizes(pretoken)  # type: ignore[attr-defined]
        count = self.count if self.count <= len(found) else 0
        kept = found[count:]
        if kept:
            kept[0] = kept[0][0], kept[0][1] + sum(size for _, size in found[:count])
        return kept

    def native(self) -> _native.Segmenter:
        """The same in the core, which asks Python."""
        return self._core

    @cached_property
    def _core(self) -> _native.Segmenter:
        return interpreted(self.segment_with_sizes, self.vocabulary)

    @property
    def lossless(self) -> bool:
        """Never."""
        return False
