"""WordPiece with pieces that continue a word with a space, which some ways of cutting let be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

from tokenry.text.id_changes import Growth, Renumbering
from tokenry.text.saved_parts import saved_as
from tokenry.text.segmenters.wordpiece import WordPieceSegmenter


@saved_as("spaced_wordpiece.SpacedWordPieceSegmenter")
@dataclass(frozen=True, eq=False)
class SpacedWordPieceSegmenter(WordPieceSegmenter):
    """`WordPieceSegmenter` where a leading space does not tell what starts a word.

    Args:
        spaced: ids of pieces that continue a word and begin with a space.
    """

    spaced: tuple[int, ...] = ()

    grows_by: ClassVar[Growth | None] = None

    @property
    def _not_marked(self) -> tuple[int, ...]:
        """All that continue a word and begin with a space."""
        return self.spaced

    def spelled(self, piece: bytes, marked: bool) -> str:
        """What a tokenizer.json calls an ordinary piece."""
        if piece in self._spaced_pieces:
            return self.prefix + piece.decode()
        return super().spelled(piece, marked)

    def renumbered(self, change: Renumbering) -> SpacedWordPieceSegmenter:
        """The same with other ids."""
        return replace(super().renumbered(change), spaced=tuple(change.all_new(self.spaced)))  # type: ignore[return-value, call-arg]

    @cached_property
    def _spaced_pieces(self) -> frozenset[bytes | None]:
        return frozenset(self.vocabulary.pieces[id_] for id_ in self.spaced)

    def _starts_word(self, id_: int, piece: bytes) -> bool:
        return super()._starts_word(id_, piece) and id_ not in self.spaced
