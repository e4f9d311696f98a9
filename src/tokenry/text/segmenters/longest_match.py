"""Greedy longest match over bytes: the longest piece at the front, again and again.

Unlike WordPiece (`tokenry.text.segmenters.wordpiece`) no piece is bound to the start of a word,
every byte has a piece, so nothing is unknown, and pretokens may be whole documents. The core walks
a trie: at most as many steps as the text has bytes times the longest piece has, and one step a byte
where every beginning of a piece is a piece too."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tokenry import _native
from tokenry.errors import VocabularyError
from tokenry.text.parts import Segmenter
from tokenry.text.saved_parts import saved_as
from tokenry.vocabulary import Vocabulary, pack


@saved_as("longest.LongestSegmenter")
@dataclass(frozen=True, eq=False)
class LongestSegmenter(Segmenter):
    """A `tokenry.text.parts.Segmenter` that takes the longest piece.

    Args:
        vocabulary: those pieces whose role is special, unknown, unused or added never come out of
            text. Of equal ones the first counts.

    Raises:
        VocabularyError: a byte has no piece.
    """

    vocabulary: Vocabulary

    def __post_init__(self) -> None:
        missing = [byte for byte in range(256) if bytes([byte]) not in self._ids]
        if missing:
            raise VocabularyError(
                f"byte {missing[0]} has no piece ({len(missing)} bytes have none); longest match "
                "needs one of each of 256"
            )

    def segment(self, pretoken: bytes) -> list[int]:
        """Ids of one pretoken."""
        ids: list[int] = []
        at = 0
        while at < len(pretoken):
            id_, size = self._longest_piece(pretoken[at : at + self._longest])
            ids.append(id_)
            at += size
        return ids

    def native(self) -> _native.LongestSegmenter:
        """The same in the native core; built once."""
        return self._core

    @cached_property
    def _core(self) -> _native.LongestSegmenter:
        pieces, offsets = pack(self.vocabulary.matchable())
        return _native.LongestSegmenter(pieces=pieces, offsets=offsets)

    @cached_property
    def _ids(self) -> dict[bytes, int]:
        ids: dict[bytes, int] = {}
        for id_, piece in enumerate(self.vocabulary.matchable()):
            if piece is not None:
                ids.setdefault(piece, id_)
        return ids

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._ids))

    def _longest_piece(self, text: bytes) -> tuple[int, int]:
        for size in range(len(text), 1, -1):
            if text[:size] in self._ids:
                return self._ids[text[:size]], size
        return self._ids[text[:1]], 1
