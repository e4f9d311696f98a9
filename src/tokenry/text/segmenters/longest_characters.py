"""The longest piece at the front of a word, again and again, over characters (CPM-Ant)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tokenry import _native
from tokenry.text.parts import Segmenter, SizedId
from tokenry.text.saved_parts import saved_as
from tokenry.text.segmenters.interpreted import interpreted
from tokenry.vocabulary import Vocabulary


@saved_as("longest_characters.LongestCharactersSegmenter")
@dataclass(frozen=True, eq=False)
class LongestCharactersSegmenter(Segmenter):
    """A `tokenry.text.parts.Segmenter` to which a character that begins no piece is unknown.

    Args:
        vocabulary: its pieces but the holes; of equal ones the last counts.
        unknown: the id of such a character, and of a word that is too long.
        limit: a longer word is unknown, in characters.
    """

    vocabulary: Vocabulary
    unknown: int
    limit: int = 200

    def segment(self, pretoken: bytes) -> list[int]:
        """Ids of one pretoken."""
        return [id_ for id_, _ in self.segment_with_sizes(pretoken)]

    def segment_with_sizes(self, pretoken: bytes) -> list[SizedId]:
        """Ids of one pretoken, each with the number of bytes that it stands for."""
        text = pretoken.decode("utf-8", "replace")
        if len(text) > self.limit:
            return [(self.unknown, len(pretoken))]
        found: list[SizedId] = []
        at = 0
        while at < len(text):
            id_, end = self._longest(text, at)
            found.append((id_, len(text[at:end].encode())))
            at = end
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

    def _longest(self, text: str, at: int) -> tuple[int, int]:
        for end in range(min(len(text), at + self._most), at, -1):
            id_ = self._ids.get(text[at:end])
            if id_ is not None:
                return id_, end
        return self.unknown, at + 1

    @cached_property
    def _ids(self) -> dict[str, int]:
        pieces = enumerate(self.vocabulary.pieces)
        return {piece.decode(): id_ for id_, piece in pieces if piece}

    @cached_property
    def _most(self) -> int:
        return max(map(len, self._ids), default=1)
