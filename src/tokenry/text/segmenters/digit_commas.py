"""Pieces of SentencePiece that end with a digit and a comma, taken apart again, as ALBERT's program
and those after it do, so that a number is not one thing with the comma behind it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tokenry import _native
from tokenry.text.parts import Normalizer, Segmenter, SizedId
from tokenry.text.saved_parts import saved_as
from tokenry.text.segmenters.interpreted import interpreted
from tokenry.vocabulary import Vocabulary


@saved_as("digit_commas.DigitCommaSegmenter")
@dataclass(frozen=True, eq=False)
class DigitCommaSegmenter(Segmenter):
    """A `tokenry.text.parts.Segmenter` that segments what stands before such a comma by itself.

    Args:
        inner: finds the pieces.
        vocabulary: of its ids.
        normalizer: of the model; what stands before a comma goes through it again.
        unknown: what has no piece becomes this id.
    """

    inner: Segmenter
    vocabulary: Vocabulary
    normalizer: Normalizer
    unknown: int | None

    def segment(self, pretoken: bytes) -> list[int]:
        """Ids of one pretoken."""
        return [id_ for id_, _ in self.segment_with_sizes(pretoken)]

    def segment_with_sizes(self, pretoken: bytes) -> list[SizedId]:
        """Ids of one pretoken, each with the number of bytes that it stands for."""
        found: list[SizedId] = []
        at = 0
        for id_, size in self._pieces(pretoken):
            text = pretoken[at : at + size].decode("utf-8", "replace")
            found += self._apart(text) if ends_so(text) else [(id_, size)]
            at += size
        return found

    def native(self) -> _native.Segmenter:
        """The same in the core, which asks Python."""
        return self._core

    @cached_property
    def _core(self) -> _native.Segmenter:
        return interpreted(self.segment_with_sizes, self.vocabulary)

    @property
    def lossless(self) -> bool:
        """Never: there is an unknown id."""
        return False

    def _pieces(self, text: bytes) -> list[SizedId]:
        return self.inner.segment_with_sizes(text)  # type: ignore[attr-defined, no-any-return]

    def _apart(self, text: str) -> list[SizedId]:
        before = self.normalizer(text[:-1].replace(" ", "")).encode()
        pieces: list[tuple[int, bytes]] = []
        at = 0
        for id_, size in self._pieces(before):
            pieces.append((id_, before[at : at + size]))
            at += size
        if not text.startswith(" ") and pieces and pieces[0][1].startswith(b" "):
            rest = pieces[0][1][1:]
            pieces[:1] = [(self._id(rest), rest)] if rest else []
        sizes = [len(piece) for _, piece in pieces]
        sizes[0] += len(text.encode()) - 1 - sum(sizes)  # a space that is not put before again
        ids = [id_ for id_, _ in pieces]
        return [*zip(ids, sizes, strict=True), (self._id(b","), 1)]

    def _id(self, piece: bytes) -> int:
        found = self.vocabulary.id_of(piece) if piece in self.vocabulary else self.unknown
        assert found is not None
        return found


def ends_so(text: str) -> bool:
    """Whether a piece ends with a digit and a comma."""
    return text[-1:] == "," and text[-2:-1].isdigit()
